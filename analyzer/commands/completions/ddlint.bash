# Bash completion for ddlint: sourced from a completions folder. What there is to complete, ddlint itself is asked.

_ddlint_list() { # TITLE: the names of a list at the end of --help
	ddlint --help | sed -n "/^$1: /,/^[a-z ]*: /p" | sed -e "1s/^$1: //" -e '2,${/^[a-z ]*: /d}' | tr -d ' ' | tr ',' ' '
}

_ddlint() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=check word words=
	COMPREPLY=()
	for word in $(ddlint --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
		words="$words $word"
		if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} == "$word" ]]; then
			command=$word
		fi
	done
	case $previous in
	--format) words=$(ddlint help "$command" | sed -n 's/^formats: //p' | tr -d ',') ;;
	--layout) words="auto $(_ddlint_list layouts)" ;;
	--pack) words=$(_ddlint_list packs) ;;
	--fail-on) words='error warning note never' ;;
	--max-risk) words='safe controlled high' ;;
	--color) words='auto always never' ;;
	--on-unknown) words='allow warn fail' ;;
	--ci) words='github gitlab pre-commit' ;;
	--select | --ignore) words="all $(ddlint rules | sed -n 's/^ *\([a-z-]*\).*/\1/p')" ;;
	*)
		if [[ $current == -* ]]; then
			words=$(ddlint help "$command" | sed -nE 's/^  (-., |    )(--[a-z-]+).*/\2/p')
		elif [[ $command == explain ]]; then
			words=$(ddlint rules | sed -n 's/^  \([a-z-]*\) .*/\1/p')
		elif [[ $command == help ]] || ((COMP_CWORD == 1)); then
			: # the commands
		else
			words=
		fi
		;;
	esac
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	fi
	if [[ $current != -* && $command != explain && ${#COMPREPLY[@]} == 0 ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -o filenames -F _ddlint ddlint
