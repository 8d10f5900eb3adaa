;;; ddlint.el --- PostgreSQL migrations checked as you type  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "26.1") (eglot "1.9"))

;;; Commentary:

;; (require 'ddlint)
;; (add-hook 'sql-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)

(defgroup ddlint nil
  "A linter for PostgreSQL migrations."
  :group 'tools)

(defcustom ddlint-program "ddlint"
  "Where ddlint is."
  :type 'string)

(add-to-list 'eglot-server-programs
             `(sql-mode . ,(lambda (&rest _) (list ddlint-program "lsp"))))

(provide 'ddlint)
;;; ddlint.el ends here
