# Completion of whistle for bash. Everything it offers, the command itself
# says; so this never falls behind. No node is asked.
_whistle() {
	local words=() lines=() word joins=
	# For readline "=" parts words; --name=value is one of ours.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if [[ ($word == "=" || $joins) && ${#words[@]} -gt 0 ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		joins=
		[[ $word != "=" ]] || joins=1
	done
	mapfile -t lines < <("${COMP_WORDS[0]/#\~/$HOME}" --complete \
		"${words[@]}" 2>/dev/null)
	COMPREPLY=()
	((${#lines[@]})) || return 0
	case ${lines[-1]} in
	files) compopt -o default ;;
	folders) compopt -o dirnames ;;
	steps)
		compopt -o nospace
		COMPREPLY=("${lines[@]:0:${#lines[@]}-1}")
		;;
	words) COMPREPLY=("${lines[@]:0:${#lines[@]}-1}") ;;
	esac
} && complete -F _whistle whistle
