"""A form server that costs next to nothing, so that it is not what is measured."""
