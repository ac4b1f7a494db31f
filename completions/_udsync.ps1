
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'udsync' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'udsync'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'udsync' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how things stand, and what to do next')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set a shop up, from nothing to a first plan')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Connect the shop, the books, the database and payment services')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Plan, then post what is missing')
            [CompletionResult]::new('dry-run', 'dry-run', [CompletionResultType]::ParameterValue, 'Show what a sync would write, and write nothing')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send exactly a saved plan')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try held and failed records again')
            [CompletionResult]::new('shops', 'shops', [CompletionResultType]::ParameterValue, 'List the shops of the configuration folder, and how each stands')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Answer the question that a held record waits for')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take a run back')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run with its changes')
            [CompletionResult]::new('reconcile', 'reconcile', [CompletionResultType]::ParameterValue, 'Prove that the books equal the shop, order by order and to the cent')
            [CompletionResult]::new('payouts', 'payouts', [CompletionResultType]::ParameterValue, 'See what payment services paid out, and prove that it adds up')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Add up what was posted: sales, tax, fees, refunds, the accounts between; or what waits')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what was posted as double entry, for hledger or Beancount')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show where each cent of a number comes from')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nobody changed the history')
            [CompletionResult]::new('conflicts', 'conflicts', [CompletionResultType]::ParameterValue, 'See and decide what both sides changed')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Tell the owner of trouble, and that it is over')
            [CompletionResult]::new('privacy', 'privacy', [CompletionResultType]::ParameterValue, 'See and delete what is kept about people')
            [CompletionResult]::new('schedule', 'schedule', [CompletionResultType]::ParameterValue, 'Let syncs run by themselves')
            [CompletionResult]::new('mapping', 'mapping', [CompletionResultType]::ParameterValue, 'Look after the mapping files')
            [CompletionResult]::new('dashboard', 'dashboard', [CompletionResultType]::ParameterValue, 'Open the dashboard in the browser')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep shops in step by itself: schedules, webhooks, sweeps, API and dashboard')
            [CompletionResult]::new('webhooks', 'webhooks', [CompletionResultType]::ParameterValue, 'Register the shop''s webhooks, see that they work, and look at what came in')
            [CompletionResult]::new('access', 'access', [CompletionResultType]::ParameterValue, 'Say who may use the API and the dashboard')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Start a stand-in of WooCommerce and of QuickBooks on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look everything over, and change nothing')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('complete-line', 'complete-line', [CompletionResultType]::ParameterValue, 'Say what can stand at a place of a command line')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a page of the manual')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;status' {
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;init' {
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Address of the shop; any page of it will do')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Short name of the shop: a-z, 0-9 and `-`; part of the mark on every document')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Which QuickBooks')
            [CompletionResult]::new('--company-id', '--company-id', [CompletionResultType]::ParameterName, 'Number of the QuickBooks company, where the environment gives its credentials')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Signing in to QuickBooks: listen on this port for the browser; 0 takes any that is free')
            [CompletionResult]::new('--redirect-url', '--redirect-url', [CompletionResultType]::ParameterName, 'Signing in to QuickBooks: the public page that the browser is sent to, as registered with the app')
            [CompletionResult]::new('--quickbooks-url', '--quickbooks-url', [CompletionResultType]::ParameterName, 'Reach QuickBooks through this proxy or stand-in')
            [CompletionResult]::new('--start-date', '--start-date', [CompletionResultType]::ParameterName, 'Post orders created on or after this day; `all` posts every order there is')
            [CompletionResult]::new('--confirm-over', '--confirm-over', [CompletionResultType]::ParameterName, 'Ask before a run makes more changes than this [default: 10]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'Time zone of the books, as in America/Edmonton')
            [CompletionResult]::new('--income-account', '--income-account', [CompletionResultType]::ParameterName, 'Account for the sales of items that are made')
            [CompletionResult]::new('--fee-account', '--fee-account', [CompletionResultType]::ParameterName, 'Expense account for the fees of payment gateways')
            [CompletionResult]::new('--deposit', '--deposit', [CompletionResultType]::ParameterName, 'Account that the money of a payment method reaches: stripe, stripe:USD or *')
            [CompletionResult]::new('--payment-method', '--payment-method', [CompletionResultType]::ParameterName, 'What a payment method is called in the books')
            [CompletionResult]::new('--tax-rate', '--tax-rate', [CompletionResultType]::ParameterName, 'Tax rate of the books for one of the shop''s, by its code, id or label')
            [CompletionResult]::new('--tax-code', '--tax-code', [CompletionResultType]::ParameterName, 'Tax code for lines with exactly these rates of the shop')
            [CompletionResult]::new('--untaxed-code', '--untaxed-code', [CompletionResultType]::ParameterName, 'Tax code of lines without tax')
            [CompletionResult]::new('--export-code', '--export-code', [CompletionResultType]::ParameterName, 'Tax code of lines without tax that go abroad')
            [CompletionResult]::new('--us-tax-code', '--us-tax-code', [CompletionResultType]::ParameterName, 'Tax code of whole documents, in US companies that keep sales tax by hand')
            [CompletionResult]::new('--item', '--item', [CompletionResultType]::ParameterName, 'Item for shipping, fee, discount, rounding, refund_adjustment or deleted_product')
            [CompletionResult]::new('--order-status', '--order-status', [CompletionResultType]::ParameterName, 'What a status means that a plugin adds: as_paid, as_invoice or skip')
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'With --sandbox: put udsync.toml and sandbox.env into this folder [default: udsync-sandbox]')
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Plain http although the shop is on another machine')
            [CompletionResult]::new('--manual', '--manual', [CompletionResultType]::ParameterName, 'Signing in to QuickBooks: print the address, and ask for the one that the browser ends on')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Signing in to QuickBooks: open no browser, only print the address')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Take every proposal that is likely, and change the file without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Take every proposal that is likely, and change the file without asking')
            [CompletionResult]::new('--leave-open', '--leave-open', [CompletionResultType]::ParameterName, 'Leave open what nothing is proposed for; orders that need it are held until it is answered')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Set up the built-in sandbox: a made-up shop and made-up books on this machine')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('woocommerce', 'woocommerce', [CompletionResultType]::ParameterValue, 'Connect the WooCommerce shop')
            [CompletionResult]::new('quickbooks', 'quickbooks', [CompletionResultType]::ParameterValue, 'Connect the QuickBooks Online company')
            [CompletionResult]::new('supabase', 'supabase', [CompletionResultType]::ParameterValue, 'Connect the Supabase project, or another PostgreSQL')
            [CompletionResult]::new('stripe', 'stripe', [CompletionResultType]::ParameterValue, 'Connect Stripe, to read its payouts')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is connected')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try the connections')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'End a connection')
            [CompletionResult]::new('rotate-key', 'rotate-key', [CompletionResultType]::ParameterValue, 'Put another key in the place of the one that seals the stored credentials')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;connect;woocommerce' {
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Connect the shop at this address; any page of it will do')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Call the shop so in a new configuration file [default: made of its address]')
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Take the key from UDSYNC_WOOCOMMERCE_KEY and UDSYNC_WOOCOMMERCE_SECRET')
            [CompletionResult]::new('--from-stdin', '--from-stdin', [CompletionResultType]::ParameterName, 'Read lines of NAME=value with the same names from standard input')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Permit plain http to another machine, in a network of your own')
            [CompletionResult]::new('--allow-moved', '--allow-moved', [CompletionResultType]::ParameterName, 'The shop has moved here: make sure that it is the same one, and carry over what is known of it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;quickbooks' {
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Connect a company of this kind [default: what the configuration says]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port for the browser; 0 takes any that is free')
            [CompletionResult]::new('--redirect-url', '--redirect-url', [CompletionResultType]::ParameterName, 'Have the browser sent to this page, as registered with the app, and ask for the address it shows')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Send the secrets to this host as well, which is none of Intuit''s; with its port, if it has one')
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--manual', '--manual', [CompletionResultType]::ParameterName, 'Print the address, and ask for the one that the browser ends on')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Open no browser, only print the address')
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Take client id, client secret, refresh token and company id from the UDSYNC_QUICKBOOKS_… variables')
            [CompletionResult]::new('--from-stdin', '--from-stdin', [CompletionResultType]::ParameterName, 'Read lines of NAME=value with the same names from standard input; without a refresh token only the app''s keys')
            [CompletionResult]::new('--webhook-token', '--webhook-token', [CompletionResultType]::ParameterName, 'Keep the verifier token of the app''s webhooks, and do nothing else: typed, from UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN with --from-env, or as a line of standard input with --from-stdin')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;supabase' {
            [CompletionResult]::new('--transport', '--transport', [CompletionResultType]::ParameterName, 'Reach the database this way [default: as configured, else rest]')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Connect the project at this address; the one of the dashboard will do')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the authority in this file, as PostgreSQL''s certificate at Supabase needs it')
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Take the key from UDSYNC_SUPABASE_KEY, or the string from UDSYNC_SUPABASE_DATABASE_URL')
            [CompletionResult]::new('--from-stdin', '--from-stdin', [CompletionResultType]::ParameterName, 'Read lines of NAME=value with the same names from standard input')
            [CompletionResult]::new('--print-schema', '--print-schema', [CompletionResultType]::ParameterName, 'Print the SQL that makes the tables, and connect nothing')
            [CompletionResult]::new('--apply-schema', '--apply-schema', [CompletionResultType]::ParameterName, 'Make the tables in the connected PostgreSQL, or bring them up to date')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the tables without asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;stripe' {
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Take the key from UDSYNC_STRIPE_KEY')
            [CompletionResult]::new('--from-stdin', '--from-stdin', [CompletionResultType]::ParameterName, 'Read a line of NAME=value with the same name from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;test' {
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Remove it without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Remove it without asking')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove it here even if Intuit could not be told')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;rotate-key' {
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--forget', '--forget', [CompletionResultType]::ParameterName, 'Begin a new key where the old one is lost, and forget what only that one opens')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Forget without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Forget without asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;connect;help' {
            [CompletionResult]::new('woocommerce', 'woocommerce', [CompletionResultType]::ParameterValue, 'Connect the WooCommerce shop')
            [CompletionResult]::new('quickbooks', 'quickbooks', [CompletionResultType]::ParameterValue, 'Connect the QuickBooks Online company')
            [CompletionResult]::new('supabase', 'supabase', [CompletionResultType]::ParameterValue, 'Connect the Supabase project, or another PostgreSQL')
            [CompletionResult]::new('stripe', 'stripe', [CompletionResultType]::ParameterValue, 'Connect Stripe, to read its payouts')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is connected')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try the connections')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'End a connection')
            [CompletionResult]::new('rotate-key', 'rotate-key', [CompletionResultType]::ParameterValue, 'Put another key in the place of the one that seals the stored credentials')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;connect;help;woocommerce' {
            break
        }
        'udsync;connect;help;quickbooks' {
            break
        }
        'udsync;connect;help;supabase' {
            break
        }
        'udsync;connect;help;stripe' {
            break
        }
        'udsync;connect;help;list' {
            break
        }
        'udsync;connect;help;test' {
            break
        }
        'udsync;connect;help;remove' {
            break
        }
        'udsync;connect;help;rotate-key' {
            break
        }
        'udsync;connect;help;help' {
            break
        }
        'udsync;sync' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Sync to this target only')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only orders created on or after this day, in the time zone of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only orders created on or before this day')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only orders in these statuses')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only these orders, by the shop''s id')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many records that no earlier run has done')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'With --file: the payment service whose mapping the file is read with; without it, the one that fits')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--allow-mails', '--allow-mails', [CompletionResultType]::ParameterName, 'Let the shop send so many mails to buyers because of what it is told')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write figures for the Prometheus node exporter to this file when the run has ended')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Look at every record, not only at those that changed since the last run')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Compare with what the books and the database hold, not with what the state file remembers of them')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--allow-shrunken', '--allow-shrunken', [CompletionResultType]::ParameterName, 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side')
            [CompletionResult]::new('--allow-moved', '--allow-moved', [CompletionResultType]::ParameterName, 'Go on although the shop says to live at another address than in the last run, and remember the new one')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the plan and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and write nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: end with code 10 if there is anything to write')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'With --json: print an event a line while the run goes on, and the answer on the last line')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;dry-run' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Sync to this target only')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only orders created on or after this day, in the time zone of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only orders created on or before this day')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only orders in these statuses')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only these orders, by the shop''s id')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many records that no earlier run has done')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'With --file: the payment service whose mapping the file is read with; without it, the one that fits')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Save the plan to this file')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Look at every record, not only at those that changed since the last run')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Compare with what the books and the database hold, not with what the state file remembers of them')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'End with code 10 if there is anything to write')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;apply' {
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--allow-mails', '--allow-mails', [CompletionResultType]::ParameterName, 'Let the shop send so many mails to buyers because of what it is told')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write figures for the Prometheus node exporter to this file when the run has ended')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--allow-shrunken', '--allow-shrunken', [CompletionResultType]::ParameterName, 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side')
            [CompletionResult]::new('--allow-moved', '--allow-moved', [CompletionResultType]::ParameterName, 'Go on although the shop says to live at another address than in the last run, and remember the new one')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;retry' {
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Post the orders again that were taken back with this run')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Set this one aside for good')
            [CompletionResult]::new('--why', '--why', [CompletionResultType]::ParameterName, 'Why it is set aside; kept with it')
            [CompletionResult]::new('--restore', '--restore', [CompletionResultType]::ParameterName, 'Take back that this one was set aside: it is held, failed or in conflict again, as its code says, and the next sync looks at it')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'With --file: the payment service whose mapping the file is read with; without it, the one that fits')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--allow-mails', '--allow-mails', [CompletionResultType]::ParameterName, 'Let the shop send so many mails to buyers because of what it is told')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write figures for the Prometheus node exporter to this file when the run has ended')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Try everything that is held or failed, but for what stands undone')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List what is held, failed or parked, those with the same cause together')
            [CompletionResult]::new('--set-aside', '--set-aside', [CompletionResultType]::ParameterName, 'List what is set aside instead')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--allow-shrunken', '--allow-shrunken', [CompletionResultType]::ParameterName, 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side')
            [CompletionResult]::new('--allow-moved', '--allow-moved', [CompletionResultType]::ParameterName, 'Go on although the shop says to live at another address than in the last run, and remember the new one')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;shops' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;fix' {
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'The answer, instead of being asked')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the line that would be written, and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the line that would be written, and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;undo' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Save the plan to this file for `udsync apply`, and write nothing else')
            [CompletionResult]::new('--why', '--why', [CompletionResultType]::ParameterName, 'Why it is taken back; kept with each order')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--allow-mails', '--allow-mails', [CompletionResultType]::ParameterName, 'Let the shop send so many mails to buyers because of what it is told')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write figures for the Prometheus node exporter to this file when the run has ended')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be done, and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and write nothing')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out the orders that cannot be taken back, and go on with the others')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--allow-shrunken', '--allow-shrunken', [CompletionResultType]::ParameterName, 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side')
            [CompletionResult]::new('--allow-moved', '--allow-moved', [CompletionResultType]::ParameterName, 'Go on although the shop says to live at another address than in the last run, and remember the new one')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;history' {
            [CompletionResult]::new('--entity', '--entity', [CompletionResultType]::ParameterName, 'Only runs over this kind of record')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only runs that ended like this')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only runs begun on or after this day')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only runs begun on or before this day')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'So many runs on a page: 20, or all of them with --export')
            [CompletionResult]::new('--page', '--page', [CompletionResultType]::ParameterName, 'This page, the newest runs being on the first')
            [CompletionResult]::new('--export', '--export', [CompletionResultType]::ParameterName, 'Write the runs, or one run with its changes, as a table for a spreadsheet')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Into this file; without it, csv goes to standard output')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('metrics', 'metrics', [CompletionResultType]::ParameterValue, 'Show runs, records, errors, durations and requests by day')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;history;metrics' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this day on; the last thirty days if not given')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write figures for the Prometheus node exporter to this file too')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;history;help' {
            [CompletionResult]::new('metrics', 'metrics', [CompletionResultType]::ParameterValue, 'Show runs, records, errors, durations and requests by day')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;history;help;metrics' {
            break
        }
        'udsync;history;help;help' {
            break
        }
        'udsync;reconcile' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'With what the shop is compared: its books, or the copy in the database')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The table that `--output csv` prints')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Into this file; without it, to standard output')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox, after a sync of everything in it')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Leave one difference as it is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;reconcile;accept' {
            [CompletionResult]::new('--why', '--why', [CompletionResultType]::ParameterName, 'Why; kept with it, and in every later report')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;reconcile;help' {
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Leave one difference as it is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;reconcile;help;accept' {
            break
        }
        'udsync;reconcile;help;help' {
            break
        }
        'udsync;payouts' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List payouts with their days, amounts and states')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one payout with all its rows, and what holds of it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Prove payouts, row by row and to the cent')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;payouts;list' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'Only of this payment service; with --file, the one whose mapping the file is read with')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox, in which a made-up Stripe has paid out')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;payouts;show' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'Only of this payment service; with --file, the one whose mapping the file is read with')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox, in which a made-up Stripe has paid out')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;payouts;check' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'Only of this payment service; with --file, the one whose mapping the file is read with')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read payouts from this CSV file of a payment service, or from standard input with `-`')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox, in which a made-up Stripe has paid out')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;payouts;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List payouts with their days, amounts and states')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one payout with all its rows, and what holds of it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Prove payouts, row by row and to the cent')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;payouts;help;list' {
            break
        }
        'udsync;payouts;help;show' {
            break
        }
        'udsync;payouts;help;check' {
            break
        }
        'udsync;payouts;help;help' {
            break
        }
        'udsync;report' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'A row for each of these')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Into this file; without it, to standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;export' {
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this day on; days are those of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Into this file; without it, to standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--hledger', '--hledger', [CompletionResultType]::ParameterName, 'Write a journal for hledger')
            [CompletionResult]::new('--beancount', '--beancount', [CompletionResultType]::ParameterName, 'Write a file for Beancount')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;explain' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'The day of the amount; days near it are looked at if nothing fits')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--fresh', '--fresh', [CompletionResultType]::ParameterName, 'Ask the shop for the order as it is now, and show its fields beside')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;verify' {
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'A head that was kept elsewhere: at least its first 8 letters')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Compare with the heads that the runs in the database carry')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;conflicts' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the fields that wait for a person')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show both sides of one field, and what they agreed on before')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Decide whose value is to stand')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;conflicts;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--settled', '--settled', [CompletionResultType]::ParameterName, 'List what is settled instead, the newest first: who lost can be read there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;conflicts;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;conflicts;resolve' {
            [CompletionResult]::new('--take', '--take', [CompletionResultType]::ParameterName, '`shop`, `books`, `base` (what both agreed on before), or a value for both')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'The field that is meant, to be sure')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--always', '--always', [CompletionResultType]::ParameterName, 'Print the line of the configuration that decides every such conflict alike')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;conflicts;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the fields that wait for a person')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show both sides of one field, and what they agreed on before')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Decide whose value is to stand')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;conflicts;help;list' {
            break
        }
        'udsync;conflicts;help;show' {
            break
        }
        'udsync;conflicts;help;resolve' {
            break
        }
        'udsync;conflicts;help;help' {
            break
        }
        'udsync;notify' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test to each channel')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'See whether anything was synced lately, and send what is due')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is wrong, and the notices that wait')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;notify;test' {
            [CompletionResult]::new('--channel', '--channel', [CompletionResultType]::ParameterName, 'To this channel only')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;notify;check' {
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;notify;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;notify;help' {
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test to each channel')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'See whether anything was synced lately, and send what is due')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is wrong, and the notices that wait')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;notify;help;test' {
            break
        }
        'udsync;notify;help;check' {
            break
        }
        'udsync;notify;help;list' {
            break
        }
        'udsync;notify;help;help' {
            break
        }
        'udsync;privacy' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget a person, in the state file and in the database')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;privacy;forget' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be forgotten, and forget nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be forgotten, and forget nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Forget without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Forget without asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;privacy;help' {
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget a person, in the state file and in the database')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;privacy;help;forget' {
            break
        }
        'udsync;privacy;help;help' {
            break
        }
        'udsync;schedule' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a schedule')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the schedules with their next and last runs')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a schedule')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a schedule run again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a schedule from running, and keep it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a schedule for good')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Show the next times of the schedules')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work the schedules off, in the foreground')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let the system work the schedules off')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take back what `schedule install` wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;schedule;add' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Its name, of a-z, 0-9 and -')
            [CompletionResult]::new('--cron', '--cron', [CompletionResultType]::ParameterName, 'When it runs: minute, hour, day, month, weekday')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'Whose clock it runs by, as America/Edmonton; by default the one of the books')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How much of the shop it reads')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Sync to this target only')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Let its runs make no more than so many changes')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Let its runs make their changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Let its runs make their changes without asking')
            [CompletionResult]::new('--defaults', '--defaults', [CompletionResultType]::ParameterName, 'Add what most shops need: what changed, hourly, and every order, nightly')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;list' {
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;edit' {
            [CompletionResult]::new('--cron', '--cron', [CompletionResultType]::ParameterName, 'When it runs: minute, hour, day, month, weekday')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'Whose clock it runs by')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How much of the shop it reads')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Sync to this target only')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Let its runs make no more than so many changes; 0 takes the limit away')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Let its runs make their changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Let its runs make their changes without asking')
            [CompletionResult]::new('--no-yes', '--no-yes', [CompletionResultType]::ParameterName, 'Let its runs stop where somebody would have to be asked')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;enable' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;disable' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;next' {
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'So many times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;run' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Do what is due now, then end: for cron')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;install' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--systemd', '--systemd', [CompletionResultType]::ParameterName, 'A unit for systemd')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'With --systemd: for this user''s own manager instead of the whole system''s')
            [CompletionResult]::new('--cron', '--cron', [CompletionResultType]::ParameterName, 'A block in this user''s crontab')
            [CompletionResult]::new('--launchd', '--launchd', [CompletionResultType]::ParameterName, 'A job for launchd of macOS')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Only print what would be written')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;uninstall' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--systemd', '--systemd', [CompletionResultType]::ParameterName, 'A unit for systemd')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'With --systemd: for this user''s own manager instead of the whole system''s')
            [CompletionResult]::new('--cron', '--cron', [CompletionResultType]::ParameterName, 'A block in this user''s crontab')
            [CompletionResult]::new('--launchd', '--launchd', [CompletionResultType]::ParameterName, 'A job for launchd of macOS')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;schedule;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a schedule')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the schedules with their next and last runs')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a schedule')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a schedule run again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a schedule from running, and keep it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a schedule for good')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Show the next times of the schedules')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work the schedules off, in the foreground')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let the system work the schedules off')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take back what `schedule install` wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;schedule;help;add' {
            break
        }
        'udsync;schedule;help;list' {
            break
        }
        'udsync;schedule;help;edit' {
            break
        }
        'udsync;schedule;help;enable' {
            break
        }
        'udsync;schedule;help;disable' {
            break
        }
        'udsync;schedule;help;remove' {
            break
        }
        'udsync;schedule;help;next' {
            break
        }
        'udsync;schedule;help;run' {
            break
        }
        'udsync;schedule;help;install' {
            break
        }
        'udsync;schedule;help;uninstall' {
            break
        }
        'udsync;schedule;help;help' {
            break
        }
        'udsync;mapping' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the mappings')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a mapping, or the functions that mappings can use')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find every mistake in the mapping files')
            [CompletionResult]::new('preview', 'preview', [CompletionResultType]::ParameterValue, 'Show what a mapping makes of a record, step by step')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the cases that are kept beside the mappings')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show which records would come out differently after an edit')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take a mapping over from JSON')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a mapping as JSON')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;mapping;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;show' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The one to this target')
            [CompletionResult]::new('--functions', '--functions', [CompletionResultType]::ParameterName, 'The functions, with examples; or the one of this name')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--shipped', '--shipped', [CompletionResultType]::ParameterName, 'The shipped one, whatever the shop has')
            [CompletionResult]::new('--cases', '--cases', [CompletionResultType]::ParameterName, 'The cases that are kept beside it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no shop')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;preview' {
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The record with this id in the shop; for refunds, the order they were made on')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The record in this file, or each of a list, as JSON of the shop''s API')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The mapping to this target')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--shipped', '--shipped', [CompletionResultType]::ParameterName, 'The shipped mapping, whatever the shop has')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Take the record from the built-in sandbox')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;test' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;diff' {
            [CompletionResult]::new('--against', '--against', [CompletionResultType]::ParameterName, 'Compare with `last-run`, with `shipped`, or with the mapping in this file')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The mapping to this target')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Look only at these records, by the shop''s id')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Look at so many of the newest')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'End with code 10 if any comes out differently')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;import' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a file that is there already')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;export' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The one to this target')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write it to this file')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--shipped', '--shipped', [CompletionResultType]::ParameterName, 'The shipped one, whatever the shop has')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;mapping;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the mappings')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a mapping, or the functions that mappings can use')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find every mistake in the mapping files')
            [CompletionResult]::new('preview', 'preview', [CompletionResultType]::ParameterValue, 'Show what a mapping makes of a record, step by step')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the cases that are kept beside the mappings')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show which records would come out differently after an edit')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take a mapping over from JSON')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a mapping as JSON')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;mapping;help;list' {
            break
        }
        'udsync;mapping;help;show' {
            break
        }
        'udsync;mapping;help;check' {
            break
        }
        'udsync;mapping;help;preview' {
            break
        }
        'udsync;mapping;help;test' {
            break
        }
        'udsync;mapping;help;diff' {
            break
        }
        'udsync;mapping;help;import' {
            break
        }
        'udsync;mapping;help;export' {
            break
        }
        'udsync;mapping;help;help' {
            break
        }
        'udsync;dashboard' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen here instead of at the address of the configuration')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Show the built-in sandbox, in which a new order comes every few seconds')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the link, and open no browser')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen here for the API, the dashboard, health and metrics')
            [CompletionResult]::new('--hooks-listen', '--hooks-listen', [CompletionResultType]::ParameterName, 'Listen here for webhooks')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--behind-proxy', '--behind-proxy', [CompletionResultType]::ParameterName, 'A proxy in front ends TLS, so listen where other machines reach it')
            [CompletionResult]::new('--no-schedules', '--no-schedules', [CompletionResultType]::ParameterName, 'Leave the schedules to somebody else')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the dashboard in the browser, signed in')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Serve the built-in sandbox, in which a new order comes every few seconds')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Serve every shop of the configuration folder')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Serve every shop of the configuration folder')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Make the webhooks that are missing in the shop, and say what to enter at Intuit')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare what the shop has tried to deliver with what came')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the webhooks that the shop keeps for us')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take our webhooks out of the shop')
            [CompletionResult]::new('deliveries', 'deliveries', [CompletionResultType]::ParameterValue, 'List what came in, newest first')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Look again at what a delivery named')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Sign a delivery as the service would, and post it to the running `serve`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;webhooks;register' {
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'Where `serve` is reached from outside [default: `public_url` of `[serve]`]')
            [CompletionResult]::new('--key-store', '--key-store', [CompletionResultType]::ParameterName, 'Keep the key to the stored credentials here [default: the keyring, where there is one]')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Keep the key in this file [default: SHOP.key in the configuration folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Change nothing; print what to enter by hand in the shop and at Intuit')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;deliveries' {
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Of this service only')
            [CompletionResult]::new('--verdict', '--verdict', [CompletionResultType]::ParameterName, 'With this verdict only')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'That came within this time: 30m, 24h, 7d')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'So many at most')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Older than the delivery with this id')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;replay' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;send' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The topic of the shop, order.updated, or the event of QuickBooks, qbo.invoice.updated')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The record''s id')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'Send the bytes of this file instead of a body of our own')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Post it to this address [default: `hooks_listen` of `[serve]`]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;webhooks;help' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Make the webhooks that are missing in the shop, and say what to enter at Intuit')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare what the shop has tried to deliver with what came')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the webhooks that the shop keeps for us')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take our webhooks out of the shop')
            [CompletionResult]::new('deliveries', 'deliveries', [CompletionResultType]::ParameterValue, 'List what came in, newest first')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Look again at what a delivery named')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Sign a delivery as the service would, and post it to the running `serve`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;webhooks;help;register' {
            break
        }
        'udsync;webhooks;help;check' {
            break
        }
        'udsync;webhooks;help;list' {
            break
        }
        'udsync;webhooks;help;remove' {
            break
        }
        'udsync;webhooks;help;deliveries' {
            break
        }
        'udsync;webhooks;help;replay' {
            break
        }
        'udsync;webhooks;help;send' {
            break
        }
        'udsync;webhooks;help;help' {
            break
        }
        'udsync;access' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Let a program in with a token')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Let a person in with a link that works once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody who may come in')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Let somebody in no longer')
            [CompletionResult]::new('password', 'password', [CompletionResultType]::ParameterValue, 'Give a person a password')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what anybody did')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;access;add' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'How much they may do')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'End the token after so long, as 12h or 90d')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Let them see every shop that is served, instead of the one of the configuration or those that --shop names')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;invite' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'How much they may do')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Name this address in the link, where `serve` was started with another --listen than `[serve]` says')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Let them see every shop that is served, instead of the one of the configuration or those that --shop names')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;revoke' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;password' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--from-stdin', '--from-stdin', [CompletionResultType]::ParameterName, 'Read the password from the first line of standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;audit' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only from this day on')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Only what this one did')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'So many rows')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;access;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Let a program in with a token')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Let a person in with a link that works once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody who may come in')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Let somebody in no longer')
            [CompletionResult]::new('password', 'password', [CompletionResultType]::ParameterValue, 'Give a person a password')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what anybody did')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;access;help;add' {
            break
        }
        'udsync;access;help;invite' {
            break
        }
        'udsync;access;help;list' {
            break
        }
        'udsync;access;help;revoke' {
            break
        }
        'udsync;access;help;password' {
            break
        }
        'udsync;access;help;audit' {
            break
        }
        'udsync;access;help;help' {
            break
        }
        'udsync;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port and the next three; 0 takes any that are free')
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'Write udsync.toml and sandbox.env into this folder instead of printing them; with --story, the folder of the story [default: udsync-story]')
            [CompletionResult]::new('--orders', '--orders', [CompletionResultType]::ParameterName, 'Serve so many machine-made orders instead of the demonstration shop')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--story', '--story', [CompletionResultType]::ParameterName, 'Begin a story in a folder of its own, or say where it stands; it is kept between commands')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Let the next day of the story come')
            [CompletionResult]::new('mend', 'mend', [CompletionResultType]::ParameterValue, 'Do in the made-up books what a bookkeeper would do about today')
            [CompletionResult]::new('today', 'today', [CompletionResultType]::ParameterValue, 'Say again which day of the story it is, and what to try')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;sandbox;next' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;sandbox;mend' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;sandbox;today' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;sandbox;help' {
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Let the next day of the story come')
            [CompletionResult]::new('mend', 'mend', [CompletionResultType]::ParameterValue, 'Do in the made-up books what a bookkeeper would do about today')
            [CompletionResult]::new('today', 'today', [CompletionResultType]::ParameterValue, 'Say again which day of the story it is, and what to try')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;sandbox;help;next' {
            break
        }
        'udsync;sandbox;help;mend' {
            break
        }
        'udsync;sandbox;help;today' {
            break
        }
        'udsync;sandbox;help;help' {
            break
        }
        'udsync;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every effective value and where it comes from; secrets are never shown')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Report every mistake in the configuration file')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;config;check' {
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;config;path' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every effective value and where it comes from; secrets are never shown')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Report every mistake in the configuration file')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;config;help;show' {
            break
        }
        'udsync;config;help;check' {
            break
        }
        'udsync;config;help;path' {
            break
        }
        'udsync;config;help;help' {
            break
        }
        'udsync;doctor' {
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Run only this check, or this group of checks')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Look at the orders of so many days')
            [CompletionResult]::new('--shops-at-once', '--shops-at-once', [CompletionResultType]::ParameterName, 'With --all-shops: so many shops at a time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service; look at this machine only')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox: a shop and a company on this machine, made anew for this look')
            [CompletionResult]::new('--all-shops', '--all-shops', [CompletionResultType]::ParameterName, 'Do it for every shop of the configuration folder, with one summary and one exit code')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--dynamic', '--dynamic', [CompletionResultType]::ParameterName, 'Print a small script that asks udsync at each press of the key: it offers runs, problems, schedules and shops by name')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;complete-line' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;man' {
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'Write all pages into this folder, where `man` finds them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder; `serve` takes several')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--log-max-size', '--log-max-size', [CompletionResultType]::ParameterName, 'Begin a new log file when this one would grow larger: 500k, 10M, 1G')
            [CompletionResult]::new('--log-max-files', '--log-max-files', [CompletionResultType]::ParameterName, 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop''s name')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the pages')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the answer as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only the answer and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v lists unchanged records and logs each stage, -vv logs each request')
            [CompletionResult]::new('--log-pii', '--log-pii', [CompletionResultType]::ParameterName, 'Let names and addresses of customers into the log, for looking into one case')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; stop and name the flag that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'udsync;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how things stand, and what to do next')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set a shop up, from nothing to a first plan')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Connect the shop, the books, the database and payment services')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Plan, then post what is missing')
            [CompletionResult]::new('dry-run', 'dry-run', [CompletionResultType]::ParameterValue, 'Show what a sync would write, and write nothing')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send exactly a saved plan')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try held and failed records again')
            [CompletionResult]::new('shops', 'shops', [CompletionResultType]::ParameterValue, 'List the shops of the configuration folder, and how each stands')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Answer the question that a held record waits for')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take a run back')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run with its changes')
            [CompletionResult]::new('reconcile', 'reconcile', [CompletionResultType]::ParameterValue, 'Prove that the books equal the shop, order by order and to the cent')
            [CompletionResult]::new('payouts', 'payouts', [CompletionResultType]::ParameterValue, 'See what payment services paid out, and prove that it adds up')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Add up what was posted: sales, tax, fees, refunds, the accounts between; or what waits')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what was posted as double entry, for hledger or Beancount')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show where each cent of a number comes from')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nobody changed the history')
            [CompletionResult]::new('conflicts', 'conflicts', [CompletionResultType]::ParameterValue, 'See and decide what both sides changed')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Tell the owner of trouble, and that it is over')
            [CompletionResult]::new('privacy', 'privacy', [CompletionResultType]::ParameterValue, 'See and delete what is kept about people')
            [CompletionResult]::new('schedule', 'schedule', [CompletionResultType]::ParameterValue, 'Let syncs run by themselves')
            [CompletionResult]::new('mapping', 'mapping', [CompletionResultType]::ParameterValue, 'Look after the mapping files')
            [CompletionResult]::new('dashboard', 'dashboard', [CompletionResultType]::ParameterValue, 'Open the dashboard in the browser')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep shops in step by itself: schedules, webhooks, sweeps, API and dashboard')
            [CompletionResult]::new('webhooks', 'webhooks', [CompletionResultType]::ParameterValue, 'Register the shop''s webhooks, see that they work, and look at what came in')
            [CompletionResult]::new('access', 'access', [CompletionResultType]::ParameterValue, 'Say who may use the API and the dashboard')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Start a stand-in of WooCommerce and of QuickBooks on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look everything over, and change nothing')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('complete-line', 'complete-line', [CompletionResultType]::ParameterValue, 'Say what can stand at a place of a command line')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a page of the manual')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;help;status' {
            break
        }
        'udsync;help;init' {
            break
        }
        'udsync;help;connect' {
            [CompletionResult]::new('woocommerce', 'woocommerce', [CompletionResultType]::ParameterValue, 'Connect the WooCommerce shop')
            [CompletionResult]::new('quickbooks', 'quickbooks', [CompletionResultType]::ParameterValue, 'Connect the QuickBooks Online company')
            [CompletionResult]::new('supabase', 'supabase', [CompletionResultType]::ParameterValue, 'Connect the Supabase project, or another PostgreSQL')
            [CompletionResult]::new('stripe', 'stripe', [CompletionResultType]::ParameterValue, 'Connect Stripe, to read its payouts')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is connected')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try the connections')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'End a connection')
            [CompletionResult]::new('rotate-key', 'rotate-key', [CompletionResultType]::ParameterValue, 'Put another key in the place of the one that seals the stored credentials')
            break
        }
        'udsync;help;connect;woocommerce' {
            break
        }
        'udsync;help;connect;quickbooks' {
            break
        }
        'udsync;help;connect;supabase' {
            break
        }
        'udsync;help;connect;stripe' {
            break
        }
        'udsync;help;connect;list' {
            break
        }
        'udsync;help;connect;test' {
            break
        }
        'udsync;help;connect;remove' {
            break
        }
        'udsync;help;connect;rotate-key' {
            break
        }
        'udsync;help;sync' {
            break
        }
        'udsync;help;dry-run' {
            break
        }
        'udsync;help;apply' {
            break
        }
        'udsync;help;retry' {
            break
        }
        'udsync;help;shops' {
            break
        }
        'udsync;help;fix' {
            break
        }
        'udsync;help;undo' {
            break
        }
        'udsync;help;history' {
            [CompletionResult]::new('metrics', 'metrics', [CompletionResultType]::ParameterValue, 'Show runs, records, errors, durations and requests by day')
            break
        }
        'udsync;help;history;metrics' {
            break
        }
        'udsync;help;reconcile' {
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Leave one difference as it is')
            break
        }
        'udsync;help;reconcile;accept' {
            break
        }
        'udsync;help;payouts' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List payouts with their days, amounts and states')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one payout with all its rows, and what holds of it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Prove payouts, row by row and to the cent')
            break
        }
        'udsync;help;payouts;list' {
            break
        }
        'udsync;help;payouts;show' {
            break
        }
        'udsync;help;payouts;check' {
            break
        }
        'udsync;help;report' {
            break
        }
        'udsync;help;export' {
            break
        }
        'udsync;help;explain' {
            break
        }
        'udsync;help;verify' {
            break
        }
        'udsync;help;conflicts' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the fields that wait for a person')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show both sides of one field, and what they agreed on before')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Decide whose value is to stand')
            break
        }
        'udsync;help;conflicts;list' {
            break
        }
        'udsync;help;conflicts;show' {
            break
        }
        'udsync;help;conflicts;resolve' {
            break
        }
        'udsync;help;notify' {
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test to each channel')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'See whether anything was synced lately, and send what is due')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is wrong, and the notices that wait')
            break
        }
        'udsync;help;notify;test' {
            break
        }
        'udsync;help;notify;check' {
            break
        }
        'udsync;help;notify;list' {
            break
        }
        'udsync;help;privacy' {
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget a person, in the state file and in the database')
            break
        }
        'udsync;help;privacy;forget' {
            break
        }
        'udsync;help;schedule' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a schedule')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the schedules with their next and last runs')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a schedule')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a schedule run again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a schedule from running, and keep it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a schedule for good')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Show the next times of the schedules')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work the schedules off, in the foreground')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let the system work the schedules off')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take back what `schedule install` wrote')
            break
        }
        'udsync;help;schedule;add' {
            break
        }
        'udsync;help;schedule;list' {
            break
        }
        'udsync;help;schedule;edit' {
            break
        }
        'udsync;help;schedule;enable' {
            break
        }
        'udsync;help;schedule;disable' {
            break
        }
        'udsync;help;schedule;remove' {
            break
        }
        'udsync;help;schedule;next' {
            break
        }
        'udsync;help;schedule;run' {
            break
        }
        'udsync;help;schedule;install' {
            break
        }
        'udsync;help;schedule;uninstall' {
            break
        }
        'udsync;help;mapping' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the mappings')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a mapping, or the functions that mappings can use')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find every mistake in the mapping files')
            [CompletionResult]::new('preview', 'preview', [CompletionResultType]::ParameterValue, 'Show what a mapping makes of a record, step by step')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the cases that are kept beside the mappings')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show which records would come out differently after an edit')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take a mapping over from JSON')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a mapping as JSON')
            break
        }
        'udsync;help;mapping;list' {
            break
        }
        'udsync;help;mapping;show' {
            break
        }
        'udsync;help;mapping;check' {
            break
        }
        'udsync;help;mapping;preview' {
            break
        }
        'udsync;help;mapping;test' {
            break
        }
        'udsync;help;mapping;diff' {
            break
        }
        'udsync;help;mapping;import' {
            break
        }
        'udsync;help;mapping;export' {
            break
        }
        'udsync;help;dashboard' {
            break
        }
        'udsync;help;serve' {
            break
        }
        'udsync;help;webhooks' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Make the webhooks that are missing in the shop, and say what to enter at Intuit')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare what the shop has tried to deliver with what came')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the webhooks that the shop keeps for us')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take our webhooks out of the shop')
            [CompletionResult]::new('deliveries', 'deliveries', [CompletionResultType]::ParameterValue, 'List what came in, newest first')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Look again at what a delivery named')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Sign a delivery as the service would, and post it to the running `serve`')
            break
        }
        'udsync;help;webhooks;register' {
            break
        }
        'udsync;help;webhooks;check' {
            break
        }
        'udsync;help;webhooks;list' {
            break
        }
        'udsync;help;webhooks;remove' {
            break
        }
        'udsync;help;webhooks;deliveries' {
            break
        }
        'udsync;help;webhooks;replay' {
            break
        }
        'udsync;help;webhooks;send' {
            break
        }
        'udsync;help;access' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Let a program in with a token')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Let a person in with a link that works once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody who may come in')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Let somebody in no longer')
            [CompletionResult]::new('password', 'password', [CompletionResultType]::ParameterValue, 'Give a person a password')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what anybody did')
            break
        }
        'udsync;help;access;add' {
            break
        }
        'udsync;help;access;invite' {
            break
        }
        'udsync;help;access;list' {
            break
        }
        'udsync;help;access;revoke' {
            break
        }
        'udsync;help;access;password' {
            break
        }
        'udsync;help;access;audit' {
            break
        }
        'udsync;help;sandbox' {
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Let the next day of the story come')
            [CompletionResult]::new('mend', 'mend', [CompletionResultType]::ParameterValue, 'Do in the made-up books what a bookkeeper would do about today')
            [CompletionResult]::new('today', 'today', [CompletionResultType]::ParameterValue, 'Say again which day of the story it is, and what to try')
            break
        }
        'udsync;help;sandbox;next' {
            break
        }
        'udsync;help;sandbox;mend' {
            break
        }
        'udsync;help;sandbox;today' {
            break
        }
        'udsync;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every effective value and where it comes from; secrets are never shown')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Report every mistake in the configuration file')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            break
        }
        'udsync;help;config;show' {
            break
        }
        'udsync;help;config;check' {
            break
        }
        'udsync;help;config;path' {
            break
        }
        'udsync;help;doctor' {
            break
        }
        'udsync;help;completions' {
            break
        }
        'udsync;help;complete-line' {
            break
        }
        'udsync;help;man' {
            break
        }
        'udsync;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
