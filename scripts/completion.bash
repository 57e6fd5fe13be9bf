
# Fills COMPREPLY with what is of a kind: @script @file @folder, or words.
_omnitron_reply() {
    local kinds=$1 cur=$2 front=${2%"${2##*,}"}

    case $kinds in
    @script) mapfile -t COMPREPLY < <(compgen -f -X '!*.lua' -- "$cur"
        compgen -d -- "$cur") ;;
    @file) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    @folder) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    @*) ;; # an order item, a number, a text: nobody knows
    *) mapfile -t COMPREPLY < <(compgen -P "$front" -W "$kinds" -- \
        "${cur##*,}") ;;
    esac
    case $kinds in
    @*) compopt -o filenames 2>/dev/null ;;
    esac
}

# The kind of the plain word that comes next: the last of a usage line goes on.
_omnitron_plain() {
    local -a kinds=(${_omnitron[$1 plain]-})
    local at=$2

    ((at < ${#kinds[@]})) || at=$((${#kinds[@]} - 1))
    case ${kinds[at]} in
    @word) REPLY=${_omnitron[$1 words]} ;;
    @command) REPLY=${_omnitron[commands]} ;;
    *) REPLY=${kinds[at]:-@} ;;
    esac
}

_omnitron_complete() {
    local cur=${COMP_WORDS[COMP_CWORD]} command= first= option= ended=
    local plain=0 i word REPLY

    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $option ]]; then
            [[ $word == = ]] || option= # --option=value is three words
        elif [[ ! $command ]]; then
            command=$word
            if [[ ! ${_omnitron[$word options]+there} ]]; then
                command=run plain=1 ended=yes # omnitron SCRIPT
            fi
        elif [[ $word == -- && ! $ended ]]; then
            ended=all
        elif [[ $word == -?* && $ended != all ]]; then
            [[ ${_omnitron[$command $word]-} ]] && option=$word
        else
            ((plain++ == 0)) && first=$word
            ended=${ended:-yes}
        fi
    done
    if [[ $option ]]; then
        [[ $cur == = ]] && cur=
        _omnitron_reply "${_omnitron[$command $option]}" "$cur"
    elif [[ ! $command && $cur == -* ]]; then
        _omnitron_reply '--help --version' "$cur"
    elif [[ ! $command ]]; then
        _omnitron_reply @script "$cur"
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \
            "${_omnitron[commands]}" -- "$cur")
    elif [[ $cur == -* && $ended != all ]]; then
        REPLY="${_omnitron[$command options]} --help"
        [[ $ended ]] && REPLY=${_omnitron[$command late]}
        [[ ${_omnitron[$command $first options]+there} ]] &&
            REPLY=${_omnitron[$command $first options]}
        _omnitron_reply "${REPLY:-@}" "$cur"
    else
        _omnitron_plain "$command" $plain
        _omnitron_reply "$REPLY" "$cur"
    fi
}

complete -F _omnitron_complete omnitron
