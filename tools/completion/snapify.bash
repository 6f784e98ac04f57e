# Completion for bash: options as --help lists them, the words some of them take, names of files.
_snapify() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
    COMPREPLY=()
    # "--color=al" arrives in three words.
    [ "$word" = = ] && word=
    [ "$before" = = ] && [ "$COMP_CWORD" -ge 2 ] && before=${COMP_WORDS[COMP_CWORD - 2]}
    case $before in
    --policy) words='annotated always' ;;
    --points) words='entry return loop all' ;;
    --color) words='auto always never' ;;
    *) case $word in
        -*) words=$("${COMP_WORDS[0]}" --help 2>/dev/null | grep -oE '^ +(-[A-Za-z], )?--[a-z-]+' |
            grep -oE -e '--[a-z-]+') ;;
        esac ;;
    esac
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _snapify snapify
