"""From a form's questions, in every version, to answers under the warehouse's names."""
