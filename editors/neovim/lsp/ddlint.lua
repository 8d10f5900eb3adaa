-- Neovim 0.11 and newer: vim.lsp.enable('ddlint')
return {
  cmd = { 'ddlint', 'lsp' },
  filetypes = { 'sql' },
  root_markers = { '.ddlint.yml', '.git' },
}
