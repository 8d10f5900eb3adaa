-- The plugin in a Neovim without a screen: a finding comes, its fix is applied, the finding goes; hover answers.
local function run()
  vim.opt.runtimepath:prepend(vim.env.DDLINT_EDITORS .. '/neovim')
  vim.cmd('filetype on')
  require('ddlint').setup({ cmd = { vim.env.DDLINT, 'lsp' } })
  vim.cmd('edit ' .. vim.env.DDLINT_FILE)
  local buffer = vim.api.nvim_get_current_buf()
  local function code(diagnostic)
    return diagnostic.code or (diagnostic.user_data and diagnostic.user_data.lsp and diagnostic.user_data.lsp.code)
  end
  local function index()
    for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
      if code(diagnostic) == 'index-not-concurrent' then
        return diagnostic
      end
    end
  end
  assert(vim.wait(20000, function() return index() ~= nil end, 20), 'no finding came')
  local finding = index()
  -- Neovim counts bytes; what stands before it has characters that UTF-16 and UTF-8 count differently.
  assert(finding.lnum == 1 and finding.col == 11, ('the finding is at %d:%d'):format(finding.lnum, finding.col))
  local cursor = { line = 1, character = 12 }
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, range = { start = cursor, ['end'] = cursor }, context = { diagnostics = {} } }
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', params, 20000)
  local client, answer = next(answers)
  local fix = answer.result[1]
  assert(fix.title:match('CONCURRENTLY'), fix.title)
  vim.lsp.util.apply_workspace_edit(fix.edit, vim.lsp.get_client_by_id(client).offset_encoding or 'utf-16')
  local line = vim.api.nvim_buf_get_lines(buffer, 1, 2, false)[1]
  assert(line == "/* 😀 */ CREATE INDEX CONCURRENTLY users_email ON users (email);", line)
  assert(vim.wait(20000, function() return index() == nil end, 20), 'the finding did not go')
  local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover',
    { textDocument = params.textDocument, position = { line = 1, character = 20 } }, 20000)
  assert(hover[client].result.contents.value:match('SHARE UPDATE EXCLUSIVE'), vim.inspect(hover))
end

local ok, message = pcall(run)
if not ok then
  io.stderr:write(tostring(message) .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
