# Completion of `crm` in bash: crm itself knows what may follow.

_crm() {
    # the last word as bash sees it begins behind a `:` or a `=`
    local line=${COMP_LINE:0:COMP_POINT} text
    local last=${line##*[[:blank:]]}
    local before=$((${#last} - ${#2}))
    COMPREPLY=()
    while IFS=$'\t' read -r text _; do
        local rest=${text:before}
        # in quotes that are open the user goes on as he likes
        if [[ $last != *[\"\']* ]]; then
            [[ $rest == *[^[:alnum:]_.,:=@/%+-]* ]] && printf -v rest %q "$rest"
            [[ $text == *[=:/] ]] || rest+=" "
        fi
        COMPREPLY+=("$rest")
    done < <(command "$1" --complete "$line" 2>/dev/null)
}

complete -o nospace -F _crm crm
