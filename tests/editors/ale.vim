" ALE in a Vim without a screen, through the lines that --format gcc prints: as editors/README.md says.
set nocompatible
packadd ale
filetype on
call ale#linter#Define('sql', {'name': 'ddlint', 'executable': $DDLINT, 'command': '%e check --format gcc --stdin-filename %s -', 'callback': 'ale#handlers#gcc#HandleGCCFormat'})
let g:ale_linters = {'sql': ['ddlint']}
function! Report() abort
  let l:tries = 0
  while l:tries < 200 && empty(ale#engine#GetLoclist(bufnr('')))
    sleep 100m
    let l:tries += 1
  endwhile
  for l:one in ale#engine#GetLoclist(bufnr(''))
    if l:one.text =~# 'index-not-concurrent' && l:one.lnum == 2
      qall!
    endif
  endfor
  cquit
endfunction
