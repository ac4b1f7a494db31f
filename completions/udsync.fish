# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_udsync_global_optspecs
    string join \n config= shop= state= output= json q/quiet v/verbose log-format= log-file= log-max-size= log-max-files= log-pii color= password-command= env-file= no-input h/help V/version
end

function __fish_udsync_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_udsync_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_udsync_using_subcommand
    set -l cmd (__fish_udsync_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c udsync -n "__fish_udsync_needs_command" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_needs_command" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_needs_command" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_needs_command" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_needs_command" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_needs_command" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_needs_command" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_needs_command" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_needs_command" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_needs_command" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "status" -d 'Show how things stand, and what to do next'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "init" -d 'Set a shop up, from nothing to a first plan'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "connect" -d 'Connect the shop, the books, the database and payment services'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "sync" -d 'Plan, then post what is missing'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "dry-run" -d 'Show what a sync would write, and write nothing'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "apply" -d 'Send exactly a saved plan'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "retry" -d 'Try held and failed records again'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "shops" -d 'List the shops of the configuration folder, and how each stands'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "fix" -d 'Answer the question that a held record waits for'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "undo" -d 'Take a run back'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "history" -d 'Show past runs, or one run with its changes'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "reconcile" -d 'Prove that the books equal the shop, order by order and to the cent'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "payouts" -d 'See what payment services paid out, and prove that it adds up'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "report" -d 'Add up what was posted: sales, tax, fees, refunds, the accounts between; or what waits'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "export" -d 'Write what was posted as double entry, for hledger or Beancount'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "explain" -d 'Show where each cent of a number comes from'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "verify" -d 'Check that nobody changed the history'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "conflicts" -d 'See and decide what both sides changed'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "notify" -d 'Tell the owner of trouble, and that it is over'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "privacy" -d 'See and delete what is kept about people'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "schedule" -d 'Let syncs run by themselves'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "mapping" -d 'Look after the mapping files'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "dashboard" -d 'Open the dashboard in the browser'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "serve" -d 'Keep shops in step by itself: schedules, webhooks, sweeps, API and dashboard'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "webhooks" -d 'Register the shop\'s webhooks, see that they work, and look at what came in'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "access" -d 'Say who may use the API and the dashboard'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "sandbox" -d 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "config" -d 'Look at the configuration'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "doctor" -d 'Look everything over, and change nothing'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "complete-line" -d 'Say what can stand at a place of a command line'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "man" -d 'Print a page of the manual'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand status" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand status" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand status" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand status" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand status" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand status" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand status" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand status" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand status" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand status" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand status" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand status" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand status" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand status" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand status" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand status" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand status" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand status" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand status" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l url -d 'Address of the shop; any page of it will do' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l name -d 'Short name of the shop: a-z, 0-9 and `-`; part of the mark on every document' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l environment -d 'Which QuickBooks' -r -f -a "sandbox\t'A trial company for developers'
production\t'A real company'"
complete -c udsync -n "__fish_udsync_using_subcommand init" -l company-id -d 'Number of the QuickBooks company, where the environment gives its credentials' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l port -d 'Signing in to QuickBooks: listen on this port for the browser; 0 takes any that is free' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l redirect-url -d 'Signing in to QuickBooks: the public page that the browser is sent to, as registered with the app' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l quickbooks-url -d 'Reach QuickBooks through this proxy or stand-in' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l start-date -d 'Post orders created on or after this day; `all` posts every order there is' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l confirm-over -d 'Ask before a run makes more changes than this [default: 10]' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l timezone -d 'Time zone of the books, as in America/Edmonton' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l income-account -d 'Account for the sales of items that are made' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l fee-account -d 'Expense account for the fees of payment gateways' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l deposit -d 'Account that the money of a payment method reaches: stripe, stripe:USD or *' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l payment-method -d 'What a payment method is called in the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l tax-rate -d 'Tax rate of the books for one of the shop\'s, by its code, id or label' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l tax-code -d 'Tax code for lines with exactly these rates of the shop' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l untaxed-code -d 'Tax code of lines without tax' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l export-code -d 'Tax code of lines without tax that go abroad' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l us-tax-code -d 'Tax code of whole documents, in US companies that keep sales tax by hand' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l item -d 'Item for shipping, fee, discount, rounding, refund_adjustment or deleted_product' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l order-status -d 'What a status means that a plugin adds: as_paid, as_invoice or skip' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l into -d 'With --sandbox: put udsync.toml and sandbox.env into this folder [default: udsync-sandbox]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand init" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand init" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand init" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand init" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand init" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand init" -l allow-http -d 'Plain http although the shop is on another machine'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l manual -d 'Signing in to QuickBooks: print the address, and ask for the one that the browser ends on'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l no-browser -d 'Signing in to QuickBooks: open no browser, only print the address'
complete -c udsync -n "__fish_udsync_using_subcommand init" -s y -l yes -d 'Take every proposal that is likely, and change the file without asking'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l leave-open -d 'Leave open what nothing is proposed for; orders that need it are held until it is answered'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l sandbox -d 'Set up the built-in sandbox: a made-up shop and made-up books on this machine'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand init" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand init" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand init" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand init" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "woocommerce" -d 'Connect the WooCommerce shop'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "quickbooks" -d 'Connect the QuickBooks Online company'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "supabase" -d 'Connect the Supabase project, or another PostgreSQL'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "stripe" -d 'Connect Stripe, to read its payouts'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "list" -d 'List what is connected'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "test" -d 'Try the connections'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "remove" -d 'End a connection'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "rotate-key" -d 'Put another key in the place of the one that seals the stored credentials'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and not __fish_seen_subcommand_from woocommerce quickbooks supabase stripe list test remove rotate-key help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l url -d 'Connect the shop at this address; any page of it will do' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l name -d 'Call the shop so in a new configuration file [default: made of its address]' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l from-env -d 'Take the key from UDSYNC_WOOCOMMERCE_KEY and UDSYNC_WOOCOMMERCE_SECRET'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l from-stdin -d 'Read lines of NAME=value with the same names from standard input'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l allow-http -d 'Permit plain http to another machine, in a network of your own'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l allow-moved -d 'The shop has moved here: make sure that it is the same one, and carry over what is known of it'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from woocommerce" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l environment -d 'Connect a company of this kind [default: what the configuration says]' -r -f -a "sandbox\t'A trial company for developers'
production\t'A real company'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l port -d 'Listen on this port for the browser; 0 takes any that is free' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l redirect-url -d 'Have the browser sent to this page, as registered with the app, and ask for the address it shows' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l allow-host -d 'Send the secrets to this host as well, which is none of Intuit\'s; with its port, if it has one' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l manual -d 'Print the address, and ask for the one that the browser ends on'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l no-browser -d 'Open no browser, only print the address'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l from-env -d 'Take client id, client secret, refresh token and company id from the UDSYNC_QUICKBOOKS_… variables'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l from-stdin -d 'Read lines of NAME=value with the same names from standard input; without a refresh token only the app\'s keys'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l webhook-token -d 'Keep the verifier token of the app\'s webhooks, and do nothing else: typed, from UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN with --from-env, or as a line of standard input with --from-stdin'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from quickbooks" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l transport -d 'Reach the database this way [default: as configured, else rest]' -r -f -a "rest\t'Over HTTP, with a secret key'
postgres\t'Straight into PostgreSQL, with a connection string'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l url -d 'Connect the project at this address; the one of the dashboard will do' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l ca-file -d 'Trust the authority in this file, as PostgreSQL\'s certificate at Supabase needs it' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l from-env -d 'Take the key from UDSYNC_SUPABASE_KEY, or the string from UDSYNC_SUPABASE_DATABASE_URL'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l from-stdin -d 'Read lines of NAME=value with the same names from standard input'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l print-schema -d 'Print the SQL that makes the tables, and connect nothing'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l apply-schema -d 'Make the tables in the connected PostgreSQL, or bring them up to date'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l yes -d 'Make the tables without asking'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from supabase" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l from-env -d 'Take the key from UDSYNC_STRIPE_KEY'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l from-stdin -d 'Read a line of NAME=value with the same name from standard input'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from stripe" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Remove it without asking'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l force -d 'Remove it here even if Intuit could not be told'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l forget -d 'Begin a new key where the old one is lost, and forget what only that one opens'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -s y -l yes -d 'Forget without asking'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from rotate-key" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "woocommerce" -d 'Connect the WooCommerce shop'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "quickbooks" -d 'Connect the QuickBooks Online company'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "supabase" -d 'Connect the Supabase project, or another PostgreSQL'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "stripe" -d 'Connect Stripe, to read its payouts'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is connected'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "test" -d 'Try the connections'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "remove" -d 'End a connection'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "rotate-key" -d 'Put another key in the place of the one that seals the stored credentials'
complete -c udsync -n "__fish_udsync_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t'The books'
supabase\t'The copy in the database'"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l since -d 'Only orders created on or after this day, in the time zone of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l until -d 'Only orders created on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l status -d 'Only orders in these statuses' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l id -d 'Only these orders, by the shop\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l limit -d 'Stop after so many records that no earlier run has done' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l direction -d 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l gateway -d 'With --file: the payment service whose mapping the file is read with; without it, the one that fits' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l allow-mails -d 'Let the shop send so many mails to buyers because of what it is told' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l metrics-file -d 'Write figures for the Prometheus node exporter to this file when the run has ended' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l full -d 'Look at every record, not only at those that changed since the last run'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l verify -d 'Compare with what the books and the database hold, not with what the state file remembers of them'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l sandbox -d 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l allow-shrunken -d 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l allow-moved -d 'Go on although the shop says to live at another address than in the last run, and remember the new one'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s n -l dry-run -d 'Show the plan and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l exit-code -d 'With --dry-run: end with code 10 if there is anything to write'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l events -d 'With --json: print an event a line while the run goes on, and the answer on the last line'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t'The books'
supabase\t'The copy in the database'"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l since -d 'Only orders created on or after this day, in the time zone of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l until -d 'Only orders created on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l status -d 'Only orders in these statuses' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l id -d 'Only these orders, by the shop\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l limit -d 'Stop after so many records that no earlier run has done' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l direction -d 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l gateway -d 'With --file: the payment service whose mapping the file is read with; without it, the one that fits' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l out -d 'Save the plan to this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l full -d 'Look at every record, not only at those that changed since the last run'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l verify -d 'Compare with what the books and the database hold, not with what the state file remembers of them'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l sandbox -d 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l exit-code -d 'End with code 10 if there is anything to write'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l allow-mails -d 'Let the shop send so many mails to buyers because of what it is told' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l metrics-file -d 'Write figures for the Prometheus node exporter to this file when the run has ended' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l direction -d 'Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l allow-shrunken -d 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l allow-moved -d 'Go on although the shop says to live at another address than in the last run, and remember the new one'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l sandbox -d 'Use the built-in sandbox'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l run -d 'Post the orders again that were taken back with this run' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l skip -d 'Set this one aside for good' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l why -d 'Why it is set aside; kept with it' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l restore -d 'Take back that this one was set aside: it is held, failed or in conflict again, as its code says, and the next sync looks at it' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l gateway -d 'With --file: the payment service whose mapping the file is read with; without it, the one that fits' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l allow-mails -d 'Let the shop send so many mails to buyers because of what it is told' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l metrics-file -d 'Write figures for the Prometheus node exporter to this file when the run has ended' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l all -d 'Try everything that is held or failed, but for what stands undone'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l list -d 'List what is held, failed or parked, those with the same cause together'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l set-aside -d 'List what is set aside instead'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l allow-shrunken -d 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l allow-moved -d 'Go on although the shop says to live at another address than in the last run, and remember the new one'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand shops" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l answer -d 'The answer, instead of being asked' -r
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand fix" -s n -l dry-run -d 'Show the line that would be written, and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand fix" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l out -d 'Save the plan to this file for `udsync apply`, and write nothing else' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l why -d 'Why it is taken back; kept with each order' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l allow-mails -d 'Let the shop send so many mails to buyers because of what it is told' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l metrics-file -d 'Write figures for the Prometheus node exporter to this file when the run has ended' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s n -l dry-run -d 'Show what would be done, and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l partial -d 'Leave out the orders that cannot be taken back, and go on with the others'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l allow-shrunken -d 'Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products that both share are gone, or were changed at once, on one side'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l allow-moved -d 'Go on although the shop says to live at another address than in the last run, and remember the new one'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand undo" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l entity -d 'Only runs over this kind of record' -r -f -a "orders\t'Orders with their payments and refunds'
refunds\t'Orders that have refunds'
customers\t'Everybody who has an account or has bought'
products\t'Everything that is for sale, each variation by itself'
payouts\t'What payment services paid out; by itself, and never among all'
all\t'Products, customers and orders, in order of need'"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l status -d 'Only runs that ended like this' -r -f -a "running\t''
succeeded\t''
partial\t''
failed\t''
interrupted\t''
refused\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l since -d 'Only runs begun on or after this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l until -d 'Only runs begun on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l limit -d 'So many runs on a page: 20, or all of them with --export' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l page -d 'This page, the newest runs being on the first' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l export -d 'Write the runs, or one run with its changes, as a table for a spreadsheet' -r -f -a "csv\t''
xlsx\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l out -d 'Into this file; without it, csv goes to standard output' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -a "metrics" -d 'Show runs, records, errors, durations and requests by day'
complete -c udsync -n "__fish_udsync_using_subcommand history; and not __fish_seen_subcommand_from metrics help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l since -d 'From this day on; the last thirty days if not given' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l metrics-file -d 'Write figures for the Prometheus node exporter to this file too' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from metrics" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "metrics" -d 'Show runs, records, errors, durations and requests by day'
complete -c udsync -n "__fish_udsync_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l to -d 'With what the shop is compared: its books, or the copy in the database' -r -f -a "quickbooks\t'Every document, the general ledger of the gateways\' accounts, and what is owed'
supabase\t'Totals, tax, currencies and refunds of the orders that were made in the period'"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l table -d 'The table that `--output csv` prints' -r -f -a "summary\t'One page: what was compared and how it ended'
differences\t'What does not agree'
orders\t'Each document on both sides'
tax\t'The tax of each rate'
accounts\t'What reached each account'
clearing\t'Each account of a gateway, from what it held to what it holds'
days\t'All sums day by day'
held\t'What waits or was set aside'
accepted\t'What somebody accepted'
moved\t'What was posted on a later day because its own month was closed'"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l out -d 'Into this file; without it, to standard output' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l wait -d 'Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l sandbox -d 'Use the built-in sandbox, after a sync of everything in it'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -f -a "accept" -d 'Leave one difference as it is'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and not __fish_seen_subcommand_from accept help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l why -d 'Why; kept with it, and in every later report' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from accept" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from help" -f -a "accept" -d 'Leave one difference as it is'
complete -c udsync -n "__fish_udsync_using_subcommand reconcile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -f -a "list" -d 'List payouts with their days, amounts and states'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -f -a "show" -d 'Show one payout with all its rows, and what holds of it'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -f -a "check" -d 'Prove payouts, row by row and to the cent'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and not __fish_seen_subcommand_from list show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l gateway -d 'Only of this payment service; with --file, the one whose mapping the file is read with' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the built-in sandbox, in which a made-up Stripe has paid out'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l gateway -d 'Only of this payment service; with --file, the one whose mapping the file is read with' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the built-in sandbox, in which a made-up Stripe has paid out'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l gateway -d 'Only of this payment service; with --file, the one whose mapping the file is read with' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l file -d 'Read payouts from this CSV file of a payment service, or from standard input with `-`' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l sandbox -d 'Use the built-in sandbox, in which a made-up Stripe has paid out'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from help" -f -a "list" -d 'List payouts with their days, amounts and states'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one payout with all its rows, and what holds of it'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from help" -f -a "check" -d 'Prove payouts, row by row and to the cent'
complete -c udsync -n "__fish_udsync_using_subcommand payouts; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand report" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l by -d 'A row for each of these' -r -f -a "day\t''
month\t''"
complete -c udsync -n "__fish_udsync_using_subcommand report" -l out -d 'Into this file; without it, to standard output' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand report" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand report" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand report" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand report" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand report" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand report" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand report" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand report" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand report" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand report" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand report" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand report" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand report" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand report" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand export" -l period -d 'Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l from -d 'From this day on; days are those of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l until -d 'Up to this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l out -d 'Into this file; without it, to standard output' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand export" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand export" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand export" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand export" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand export" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand export" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand export" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand export" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand export" -l hledger -d 'Write a journal for hledger'
complete -c udsync -n "__fish_udsync_using_subcommand export" -l beancount -d 'Write a file for Beancount'
complete -c udsync -n "__fish_udsync_using_subcommand export" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand export" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand export" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand export" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand export" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand export" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l on -d 'The day of the amount; days near it are looked at if nothing fits' -r
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l fresh -d 'Ask the shop for the order as it is now, and show its fields beside'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand explain" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l head -d 'A head that was kept elsewhere: at least its first 8 letters' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l database -d 'Compare with the heads that the runs in the database carry'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand verify" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -f -a "list" -d 'List the fields that wait for a person'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -f -a "show" -d 'Show both sides of one field, and what they agreed on before'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -f -a "resolve" -d 'Decide whose value is to stand'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and not __fish_seen_subcommand_from list show resolve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l settled -d 'List what is settled instead, the newest first: who lost can be read there'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l take -d '`shop`, `books`, `base` (what both agreed on before), or a value for both' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l field -d 'The field that is meant, to be sure' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l always -d 'Print the line of the configuration that decides every such conflict alike'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from resolve" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the fields that wait for a person'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show both sides of one field, and what they agreed on before'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Decide whose value is to stand'
complete -c udsync -n "__fish_udsync_using_subcommand conflicts; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -f -a "test" -d 'Send a test to each channel'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -f -a "check" -d 'See whether anything was synced lately, and send what is due'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -f -a "list" -d 'List what is wrong, and the notices that wait'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and not __fish_seen_subcommand_from test check list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l channel -d 'To this channel only' -r -f -a "email\t''
slack\t''
webhook\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send a test to each channel'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "check" -d 'See whether anything was synced lately, and send what is due'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is wrong, and the notices that wait'
complete -c udsync -n "__fish_udsync_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -f -a "forget" -d 'Forget a person, in the state file and in the database'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and not __fish_seen_subcommand_from forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s n -l dry-run -d 'Show what would be forgotten, and forget nothing'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s y -l yes -d 'Forget without asking'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from forget" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget a person, in the state file and in the database'
complete -c udsync -n "__fish_udsync_using_subcommand privacy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "add" -d 'Add a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "list" -d 'List the schedules with their next and last runs'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "edit" -d 'Change a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "enable" -d 'Let a schedule run again'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "disable" -d 'Keep a schedule from running, and keep it'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "remove" -d 'Remove a schedule for good'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "next" -d 'Show the next times of the schedules'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "run" -d 'Work the schedules off, in the foreground'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "install" -d 'Let the system work the schedules off'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "uninstall" -d 'Take back what `schedule install` wrote'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and not __fish_seen_subcommand_from add list edit enable disable remove next run install uninstall help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l name -d 'Its name, of a-z, 0-9 and -' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l cron -d 'When it runs: minute, hour, day, month, weekday' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l timezone -d 'Whose clock it runs by, as America/Edmonton; by default the one of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l mode -d 'How much of the shop it reads' -r -f -a "full\t'Every order of the shop'
incremental\t'What changed since the last run'"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t'The books'
supabase\t'The copy in the database'"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l max-changes -d 'Let its runs make no more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -s y -l yes -d 'Let its runs make their changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l defaults -d 'Add what most shops need: what changed, hourly, and every order, nightly'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l cron -d 'When it runs: minute, hour, day, month, weekday' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l timezone -d 'Whose clock it runs by' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l mode -d 'How much of the shop it reads' -r -f -a "full\t'Every order of the shop'
incremental\t'What changed since the last run'"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t'The books'
supabase\t'The copy in the database'"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l max-changes -d 'Let its runs make no more than so many changes; 0 takes the limit away' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Let its runs make their changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l no-yes -d 'Let its runs stop where somebody would have to be asked'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l count -d 'So many times' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from next" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l once -d 'Do what is due now, then end: for cron'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l systemd -d 'A unit for systemd'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l user -d 'With --systemd: for this user\'s own manager instead of the whole system\'s'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l cron -d 'A block in this user\'s crontab'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l launchd -d 'A job for launchd of macOS'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l print -d 'Only print what would be written'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from install" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l systemd -d 'A unit for systemd'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l user -d 'With --systemd: for this user\'s own manager instead of the whole system\'s'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l cron -d 'A block in this user\'s crontab'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l launchd -d 'A job for launchd of macOS'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from uninstall" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the schedules with their next and last runs'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "enable" -d 'Let a schedule run again'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "disable" -d 'Keep a schedule from running, and keep it'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a schedule for good'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "next" -d 'Show the next times of the schedules'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "run" -d 'Work the schedules off, in the foreground'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "install" -d 'Let the system work the schedules off'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Take back what `schedule install` wrote'
complete -c udsync -n "__fish_udsync_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "list" -d 'List the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "show" -d 'Show a mapping, or the functions that mappings can use'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "check" -d 'Find every mistake in the mapping files'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "preview" -d 'Show what a mapping makes of a record, step by step'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "test" -d 'Run the cases that are kept beside the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "diff" -d 'Show which records would come out differently after an edit'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "import" -d 'Take a mapping over from JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "export" -d 'Print a mapping as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and not __fish_seen_subcommand_from list show check preview test diff import export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l to -d 'The one to this target' -r -f -a "quickbooks\t''
supabase\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l functions -d 'The functions, with examples; or the one of this name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l shipped -d 'The shipped one, whatever the shop has'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l cases -d 'The cases that are kept beside it'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l offline -d 'Ask no shop'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l id -d 'The record with this id in the shop; for refunds, the order they were made on' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l file -d 'The record in this file, or each of a list, as JSON of the shop\'s API' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l to -d 'The mapping to this target' -r -f -a "quickbooks\t''
supabase\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l shipped -d 'The shipped mapping, whatever the shop has'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l sandbox -d 'Take the record from the built-in sandbox'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from preview" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l against -d 'Compare with `last-run`, with `shipped`, or with the mapping in this file' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l to -d 'The mapping to this target' -r -f -a "quickbooks\t''
supabase\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l id -d 'Look only at these records, by the shop\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l limit -d 'Look at so many of the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l exit-code -d 'End with code 10 if any comes out differently'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from diff" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l force -d 'Replace a file that is there already'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l to -d 'The one to this target' -r -f -a "quickbooks\t''
supabase\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l out -d 'Write it to this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l shipped -d 'The shipped one, whatever the shop has'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a mapping, or the functions that mappings can use'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "check" -d 'Find every mistake in the mapping files'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "preview" -d 'Show what a mapping makes of a record, step by step'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the cases that are kept beside the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Show which records would come out differently after an edit'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take a mapping over from JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print a mapping as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand mapping; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l listen -d 'Listen here instead of at the address of the configuration' -r
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l sandbox -d 'Show the built-in sandbox, in which a new order comes every few seconds'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l no-browser -d 'Print the link, and open no browser'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand dashboard" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l listen -d 'Listen here for the API, the dashboard, health and metrics' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l hooks-listen -d 'Listen here for webhooks' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l behind-proxy -d 'A proxy in front ends TLS, so listen where other machines reach it'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l no-schedules -d 'Leave the schedules to somebody else'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l open -d 'Open the dashboard in the browser, signed in'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l sandbox -d 'Serve the built-in sandbox, in which a new order comes every few seconds'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l all -l all-shops -d 'Serve every shop of the configuration folder'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand serve" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "register" -d 'Make the webhooks that are missing in the shop, and say what to enter at Intuit'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "check" -d 'Compare what the shop has tried to deliver with what came'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "list" -d 'List the webhooks that the shop keeps for us'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "remove" -d 'Take our webhooks out of the shop'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "deliveries" -d 'List what came in, newest first'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "replay" -d 'Look again at what a delivery named'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "send" -d 'Sign a delivery as the service would, and post it to the running `serve`'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and not __fish_seen_subcommand_from register check list remove deliveries replay send help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l public-url -d 'Where `serve` is reached from outside [default: `public_url` of `[serve]`]' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l key-store -d 'Keep the key to the stored credentials here [default: the keyring, where there is one]' -r -f -a "keyring\t'The keyring of the system'
file\t'A file that only you can read'
passphrase\t'A passphrase that is asked for, or given in UDSYNC_PASSPHRASE'"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l key-file -d 'Keep the key in this file [default: SHOP.key in the configuration folder]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l print -d 'Change nothing; print what to enter by hand in the shop and at Intuit'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from register" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l source -d 'Of this service only' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l verdict -d 'With this verdict only' -r -f -a "queued\t''
duplicate\t''
ignored\t''
odd\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l since -d 'That came within this time: 30m, 24h, 7d' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l limit -d 'So many at most' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l before -d 'Older than the delivery with this id' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from deliveries" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from replay" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l kind -d 'The topic of the shop, order.updated, or the event of QuickBooks, qbo.invoice.updated' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l id -d 'The record\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l replay -d 'Send the bytes of this file instead of a body of our own' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l to -d 'Post it to this address [default: `hooks_listen` of `[serve]`]' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from send" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "register" -d 'Make the webhooks that are missing in the shop, and say what to enter at Intuit'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "check" -d 'Compare what the shop has tried to deliver with what came'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the webhooks that the shop keeps for us'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take our webhooks out of the shop'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "deliveries" -d 'List what came in, newest first'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "replay" -d 'Look again at what a delivery named'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "send" -d 'Sign a delivery as the service would, and post it to the running `serve`'
complete -c udsync -n "__fish_udsync_using_subcommand webhooks; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "add" -d 'Let a program in with a token'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "invite" -d 'Let a person in with a link that works once'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "list" -d 'List everybody who may come in'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "revoke" -d 'Let somebody in no longer'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "password" -d 'Give a person a password'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "audit" -d 'Show what anybody did'
complete -c udsync -n "__fish_udsync_using_subcommand access; and not __fish_seen_subcommand_from add invite list revoke password audit help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l role -d 'How much they may do' -r -f -a "viewer\t'Looks'
operator\t'Starts runs, and changes what they do'
owner\t'Connects services, and lets others in'"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l expires -d 'End the token after so long, as 12h or 90d' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l all-shops -d 'Let them see every shop that is served, instead of the one of the configuration or those that --shop names'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l role -d 'How much they may do' -r -f -a "viewer\t'Looks'
operator\t'Starts runs, and changes what they do'
owner\t'Connects services, and lets others in'"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l listen -d 'Name this address in the link, where `serve` was started with another --listen than `[serve]` says' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l all-shops -d 'Let them see every shop that is served, instead of the one of the configuration or those that --shop names'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from invite" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l from-stdin -d 'Read the password from the first line of standard input'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from password" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l since -d 'Only from this day on' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l actor -d 'Only what this one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l limit -d 'So many rows' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from audit" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "add" -d 'Let a program in with a token'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "invite" -d 'Let a person in with a link that works once'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "list" -d 'List everybody who may come in'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Let somebody in no longer'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "password" -d 'Give a person a password'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "audit" -d 'Show what anybody did'
complete -c udsync -n "__fish_udsync_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l port -d 'Listen on this port and the next three; 0 takes any that are free' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l into -d 'Write udsync.toml and sandbox.env into this folder instead of printing them; with --story, the folder of the story [default: udsync-story]' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l orders -d 'Serve so many machine-made orders instead of the demonstration shop' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l story -d 'Begin a story in a folder of its own, or say where it stands; it is kept between commands'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -f -a "next" -d 'Let the next day of the story come'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -f -a "mend" -d 'Do in the made-up books what a bookkeeper would do about today'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -f -a "today" -d 'Say again which day of the story it is, and what to try'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and not __fish_seen_subcommand_from next mend today help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from next" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from mend" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from today" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "next" -d 'Let the next day of the story come'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "mend" -d 'Do in the made-up books what a bookkeeper would do about today'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "today" -d 'Say again which day of the story it is, and what to try'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "show" -d 'Print every effective value and where it comes from; secrets are never shown'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "check" -d 'Report every mistake in the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "path" -d 'Print the path of the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every effective value and where it comes from; secrets are never shown'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Report every mistake in the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print the path of the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l check -d 'Run only this check, or this group of checks' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l days -d 'Look at the orders of so many days' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l shops-at-once -d 'With --all-shops: so many shops at a time' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l offline -d 'Ask no service; look at this machine only'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l sandbox -d 'Use the built-in sandbox: a shop and a company on this machine, made anew for this look'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l all-shops -d 'Do it for every shop of the configuration folder, with one summary and one exit code'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l dynamic -d 'Print a small script that asks udsync at each press of the key: it offers runs, problems, schedules and shops by name'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand complete-line" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l into -d 'Write all pages into this folder, where `man` finds them' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l shop -d 'Use NAME.toml of the configuration folder; `serve` takes several' -r
complete -c udsync -n "__fish_udsync_using_subcommand man" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-max-size -d 'Begin a new log file when this one would grow larger: 500k, 10M, 1G' -r
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-max-files -d 'Keep so many log files: FILE, FILE.1 and so on, FILE being the newest' -r
complete -c udsync -n "__fish_udsync_using_subcommand man" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l password-command -d 'Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop\'s name' -r
complete -c udsync -n "__fish_udsync_using_subcommand man" -l env-file -d 'Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l list -d 'List the pages'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "status" -d 'Show how things stand, and what to do next'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "init" -d 'Set a shop up, from nothing to a first plan'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "connect" -d 'Connect the shop, the books, the database and payment services'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "sync" -d 'Plan, then post what is missing'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "dry-run" -d 'Show what a sync would write, and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "apply" -d 'Send exactly a saved plan'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "retry" -d 'Try held and failed records again'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "shops" -d 'List the shops of the configuration folder, and how each stands'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "fix" -d 'Answer the question that a held record waits for'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "undo" -d 'Take a run back'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "history" -d 'Show past runs, or one run with its changes'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "reconcile" -d 'Prove that the books equal the shop, order by order and to the cent'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "payouts" -d 'See what payment services paid out, and prove that it adds up'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "report" -d 'Add up what was posted: sales, tax, fees, refunds, the accounts between; or what waits'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "export" -d 'Write what was posted as double entry, for hledger or Beancount'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "explain" -d 'Show where each cent of a number comes from'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "verify" -d 'Check that nobody changed the history'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "conflicts" -d 'See and decide what both sides changed'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "notify" -d 'Tell the owner of trouble, and that it is over'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "privacy" -d 'See and delete what is kept about people'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "schedule" -d 'Let syncs run by themselves'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "mapping" -d 'Look after the mapping files'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "dashboard" -d 'Open the dashboard in the browser'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "serve" -d 'Keep shops in step by itself: schedules, webhooks, sweeps, API and dashboard'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "webhooks" -d 'Register the shop\'s webhooks, see that they work, and look at what came in'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "access" -d 'Say who may use the API and the dashboard'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "sandbox" -d 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "config" -d 'Look at the configuration'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "doctor" -d 'Look everything over, and change nothing'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "complete-line" -d 'Say what can stand at a place of a command line'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "man" -d 'Print a page of the manual'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from status init connect sync dry-run apply retry shops fix undo history reconcile payouts report export explain verify conflicts notify privacy schedule mapping dashboard serve webhooks access sandbox config doctor completions complete-line man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "woocommerce" -d 'Connect the WooCommerce shop'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "quickbooks" -d 'Connect the QuickBooks Online company'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "supabase" -d 'Connect the Supabase project, or another PostgreSQL'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "stripe" -d 'Connect Stripe, to read its payouts'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "list" -d 'List what is connected'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "test" -d 'Try the connections'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "remove" -d 'End a connection'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from connect" -f -a "rotate-key" -d 'Put another key in the place of the one that seals the stored credentials'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "metrics" -d 'Show runs, records, errors, durations and requests by day'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from reconcile" -f -a "accept" -d 'Leave one difference as it is'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from payouts" -f -a "list" -d 'List payouts with their days, amounts and states'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from payouts" -f -a "show" -d 'Show one payout with all its rows, and what holds of it'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from payouts" -f -a "check" -d 'Prove payouts, row by row and to the cent'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from conflicts" -f -a "list" -d 'List the fields that wait for a person'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from conflicts" -f -a "show" -d 'Show both sides of one field, and what they agreed on before'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from conflicts" -f -a "resolve" -d 'Decide whose value is to stand'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "test" -d 'Send a test to each channel'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "check" -d 'See whether anything was synced lately, and send what is due'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "list" -d 'List what is wrong, and the notices that wait'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from privacy" -f -a "forget" -d 'Forget a person, in the state file and in the database'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "add" -d 'Add a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "list" -d 'List the schedules with their next and last runs'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "edit" -d 'Change a schedule'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "enable" -d 'Let a schedule run again'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "disable" -d 'Keep a schedule from running, and keep it'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "remove" -d 'Remove a schedule for good'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "next" -d 'Show the next times of the schedules'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "run" -d 'Work the schedules off, in the foreground'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "install" -d 'Let the system work the schedules off'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "uninstall" -d 'Take back what `schedule install` wrote'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "list" -d 'List the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "show" -d 'Show a mapping, or the functions that mappings can use'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "check" -d 'Find every mistake in the mapping files'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "preview" -d 'Show what a mapping makes of a record, step by step'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "test" -d 'Run the cases that are kept beside the mappings'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "diff" -d 'Show which records would come out differently after an edit'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "import" -d 'Take a mapping over from JSON'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from mapping" -f -a "export" -d 'Print a mapping as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "register" -d 'Make the webhooks that are missing in the shop, and say what to enter at Intuit'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "check" -d 'Compare what the shop has tried to deliver with what came'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "list" -d 'List the webhooks that the shop keeps for us'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "remove" -d 'Take our webhooks out of the shop'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "deliveries" -d 'List what came in, newest first'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "replay" -d 'Look again at what a delivery named'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from webhooks" -f -a "send" -d 'Sign a delivery as the service would, and post it to the running `serve`'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "add" -d 'Let a program in with a token'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "invite" -d 'Let a person in with a link that works once'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "list" -d 'List everybody who may come in'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "revoke" -d 'Let somebody in no longer'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "password" -d 'Give a person a password'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "audit" -d 'Show what anybody did'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "next" -d 'Let the next day of the story come'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "mend" -d 'Do in the made-up books what a bookkeeper would do about today'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "today" -d 'Say again which day of the story it is, and what to try'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every effective value and where it comes from; secrets are never shown'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Report every mistake in the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print the path of the configuration file'
