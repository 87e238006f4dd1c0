# Completion of `crm` in bash: crm itself knows what may follow.

_crm() {
    # the last word as bash sees it begins behind a `:` or a `=`
    local line=${COMP_LINE:0:COMP_POINT} text
    local last=${line##*[[:blank:]]}
    local before=$((${#last} - ${#2}))
    COMPREPLY=()
    while IFS=$'\t' read -r text _; do
        [[ $text == *[=:/] ]] || text+=" "
        COMPREPLY+=("${text:before}")
    done < <(command "$1" --complete "$line" 2>/dev/null)
}

complete -o nospace -F _crm crm
