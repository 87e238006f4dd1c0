#compdef crm
# Completion of `crm` in zsh: crm itself knows what may follow.

_crm() {
    local text about
    local -a whole begun whole_shown begun_shown
    while IFS=$'\t' read -r text about; do
        about=${about:+"  -- $about"}
        if [[ $text == *[=:/] ]]; then
            begun+=("$text") begun_shown+=("$text$about")
        else
            whole+=("$text") whole_shown+=("$text$about")
        fi
    done < <(command "$words[1]" --complete "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)
    compadd -l -V crm -d whole_shown -a whole
    compadd -l -V crm -S '' -d begun_shown -a begun
}

if [[ $funcstack[1] == _crm ]]; then
    _crm "$@"
else
    compdef _crm crm
fi
