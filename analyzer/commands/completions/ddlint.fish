# Fish completion for ddlint. What there is to complete, ddlint itself is asked.

function __ddlint_commands
	ddlint --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  *\([A-Z[][^ ]*\)\{0,1\}  *\(.*\)$/\1\t\3/p'
end

function __ddlint_list --argument-names title
	ddlint --help | sed -n "/^$title: /,/^[a-z ]*: /p" | sed -e "1s/^$title: //" -e '2,${/^[a-z ]*: /d}' | tr -d ' ' | tr ',' '\n'
end

function __ddlint_rules
	ddlint rules | sed -n 's/^  \([a-z-]*\)  *[a-z]*  *\(.*\)$/\1\t\2/p'
end

complete -c ddlint -n __fish_use_subcommand -a '(__ddlint_commands)'
complete -c ddlint -n '__fish_seen_subcommand_from explain' -f -a '(__ddlint_rules)'
complete -c ddlint -l format -x -a '(__ddlint_list formats)'
complete -c ddlint -l layout -x -a 'auto (__ddlint_list layouts)'
complete -c ddlint -l pack -x -a '(__ddlint_list packs)'
complete -c ddlint -l fail-on -x -a 'error warning note never'
complete -c ddlint -l max-risk -x -a 'safe controlled high'
complete -c ddlint -l color -x -a 'auto always never'
complete -c ddlint -l select -x -a 'all (__ddlint_rules)'
complete -c ddlint -l ignore -x -a 'all (__ddlint_rules)'
for option in (ddlint --help | sed -n 's/^ .*--\([a-z-]*\) .*/\1/p')
	contains $option format layout pack fail-on max-risk color select ignore; or complete -c ddlint -l $option
end
