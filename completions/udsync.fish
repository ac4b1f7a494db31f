# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_udsync_global_optspecs
    string join \n config= shop= state= output= json q/quiet v/verbose log-format= log-file= log-pii color= no-input h/help V/version
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
complete -c udsync -n "__fish_udsync_needs_command" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_needs_command" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_needs_command" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_needs_command" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_needs_command" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_needs_command" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_needs_command" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_needs_command" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_needs_command" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "sync" -d 'Plan, then post what is missing'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "dry-run" -d 'Show what a sync would write, and write nothing'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "apply" -d 'Send exactly a saved plan'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "retry" -d 'Try held and failed records again'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "history" -d 'Show past runs, or one run with its changes'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "sandbox" -d 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "config" -d 'Look at the configuration'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "man" -d 'Print the manual page'
complete -c udsync -n "__fish_udsync_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l since -d 'Only orders created on or after this day, in the time zone of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l until -d 'Only orders created on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l status -d 'Only orders in these statuses' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l id -d 'Only these orders, by the store\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l limit -d 'Stop after so many records that no earlier run has done' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l full -d 'Look at every record, not only at those that changed since the last run'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l sandbox -d 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l dry-run -d 'Show the plan and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l exit-code -d 'With --dry-run: end with code 10 if there is anything to write'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l events -d 'With --json: print an event a line while the run goes on, and the answer on the last line'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sync" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l to -d 'Sync to this target only' -r -f -a "quickbooks\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l since -d 'Only orders created on or after this day, in the time zone of the books' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l until -d 'Only orders created on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l status -d 'Only orders in these statuses' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l id -d 'Only these orders, by the store\'s id' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l limit -d 'Stop after so many records that no earlier run has done' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l out -d 'Save the plan to this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l full -d 'Look at every record, not only at those that changed since the last run'
complete -c udsync -n "__fish_udsync_using_subcommand dry-run" -l sandbox -d 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
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
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l sandbox -d 'Use the built-in sandbox'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand apply" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l skip -d 'Set this one aside for good' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l why -d 'Why it is set aside; kept with it' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l max-changes -d 'Refuse to make more than so many changes' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l confirm -d 'Confirm the plan that an earlier run has shown' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l idempotency-key -d 'Run at most once under this key; a second run with it prints what the first one did' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l all -d 'Try everything that is held or failed'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l list -d 'List what is held or failed'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s y -l yes -d 'Make the changes without asking'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand retry" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand history" -l entity -d 'Only runs over this kind of record' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l status -d 'Only runs that ended like this' -r -f -a "running\t''
succeeded\t''
partial\t''
failed\t''
interrupted\t''
refused\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history" -l since -d 'Only runs begun on or after this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l until -d 'Only runs begun on or before this day' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l limit -d 'So many runs on a page' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l page -d 'This page, the newest runs being on the first' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand history" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand history" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand history" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand history" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand history" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand history" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand history" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand history" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand history" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l port -d 'Listen on this port and the next; 0 takes any that are free' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l into -d 'Write udsync.toml and sandbox.env into this folder instead of printing them' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l orders -d 'Serve so many machine-made orders instead of the demonstration shop' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c udsync -n "__fish_udsync_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
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
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
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
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand completions" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l config -d 'Use this configuration file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l shop -d 'Use NAME.toml of the configuration folder' -r
complete -c udsync -n "__fish_udsync_using_subcommand man" -l state -d 'Keep the state in this file' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l output -d 'Print the answer in this form' -r -f -a "text\t''
json\t''
csv\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-format -d 'Write log lines in this form' -r -f -a "text\t''
json\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-file -d 'Write log lines to this file instead of standard error' -r -F
complete -c udsync -n "__fish_udsync_using_subcommand man" -l color -d 'Colour the answer' -r -f -a "auto\t''
always\t''
never\t''"
complete -c udsync -n "__fish_udsync_using_subcommand man" -l json -d 'Print the answer as JSON'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s q -l quiet -d 'Print only the answer and errors'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s v -l verbose -d 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l log-pii -d 'Let names and addresses of customers into the log, for looking into one case'
complete -c udsync -n "__fish_udsync_using_subcommand man" -l no-input -d 'Never ask; stop and name the flag that answers'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s h -l help -d 'Print help'
complete -c udsync -n "__fish_udsync_using_subcommand man" -s V -l version -d 'Print version'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "sync" -d 'Plan, then post what is missing'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "dry-run" -d 'Show what a sync would write, and write nothing'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "apply" -d 'Send exactly a saved plan'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "retry" -d 'Try held and failed records again'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "history" -d 'Show past runs, or one run with its changes'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "sandbox" -d 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "config" -d 'Look at the configuration'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "man" -d 'Print the manual page'
complete -c udsync -n "__fish_udsync_using_subcommand help; and not __fish_seen_subcommand_from sync dry-run apply retry history sandbox config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every effective value and where it comes from; secrets are never shown'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Report every mistake in the configuration file'
complete -c udsync -n "__fish_udsync_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print the path of the configuration file'
