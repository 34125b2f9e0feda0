{{ dominated_figures() }}
