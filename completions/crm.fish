# Completion of `crm` in fish: crm itself knows what may follow.

function __crm_complete
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    command crm --complete $line 2>/dev/null
end

complete --command crm --no-files --keep-order --arguments '(__crm_complete)'
