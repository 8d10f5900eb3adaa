# Fish completion for ddlint. What there is to complete, ddlint itself is asked.

function __ddlint_commands
	ddlint --help | sed -nE '/^commands:/,/^$/s/^  ([a-z]+) +([][A-Z-][^ ]* +)?(.*)$/\1\t\3/p'
end

function __ddlint_command
	set -l word (commandline -opc)[2]
	contains -- "$word" (__ddlint_commands | cut -f 1); and echo $word; or echo check
end

function __ddlint_options
	ddlint help (__ddlint_command) | sed -nE 's/^  (-., |    )(--[a-z-]+)( [A-Z][^ ]*)?  *(.*)$/\2\t\4/p'
end

function __ddlint_takes --argument-names option
	__ddlint_options | string match -q -- "--$option	*"
end

function __ddlint_formats
	ddlint help (__ddlint_command) | sed -n 's/^formats: //p' | tr -d ' ' | tr ',' '\n'
end

function __ddlint_list --argument-names title
	ddlint --help | sed -n "/^$title: /,/^[a-z ]*: /p" | sed -e "1s/^$title: //" -e '2,${/^[a-z ]*: /d}' | tr -d ' ' | tr ',' '\n'
end

function __ddlint_rules
	ddlint rules | sed -n 's/^  \([a-z-]*\)  *[a-z]*  *\(.*\)$/\1\t\2/p'
end

function __ddlint_rules_and_families
	echo all
	ddlint rules | sed -nE 's/^([a-z]+)$/\1/p'
	__ddlint_rules
end

function __ddlint_starts_an_option
	string match -q -- '-*' (commandline -ct)
end

complete -c ddlint -n __fish_use_subcommand -a '(__ddlint_commands)'
complete -c ddlint -n '__fish_seen_subcommand_from explain' -f -a '(__ddlint_rules)'
complete -c ddlint -n __ddlint_starts_an_option -f -a '(__ddlint_options)'
complete -c ddlint -n '__ddlint_takes format' -l format -x -a '(__ddlint_formats)'
complete -c ddlint -n '__ddlint_takes layout' -l layout -x -a 'auto (__ddlint_list layouts)'
complete -c ddlint -n '__ddlint_takes pack' -l pack -x -a '(__ddlint_list packs)'
complete -c ddlint -n '__ddlint_takes fail-on' -l fail-on -x -a 'error warning note never'
complete -c ddlint -n '__ddlint_takes max-risk' -l max-risk -x -a 'safe controlled high'
complete -c ddlint -n '__ddlint_takes on-unknown' -l on-unknown -x -a 'allow warn fail'
complete -c ddlint -n '__ddlint_takes color' -l color -x -a 'auto always never'
complete -c ddlint -n '__ddlint_takes ci' -l ci -x -a 'github gitlab pre-commit'
complete -c ddlint -n '__ddlint_takes select' -l select -x -a '(__ddlint_rules_and_families)'
complete -c ddlint -n '__ddlint_takes ignore' -l ignore -x -a '(__ddlint_rules_and_families)'
