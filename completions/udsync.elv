
use builtin;
use str;

set edit:completion:arg-completer[udsync] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'udsync'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'udsync'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand sync 'Plan, then post what is missing'
            cand dry-run 'Show what a sync would write, and write nothing'
            cand apply 'Send exactly a saved plan'
            cand retry 'Try held and failed records again'
            cand history 'Show past runs, or one run with its changes'
            cand sandbox 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
            cand config 'Look at the configuration'
            cand completions 'Print a shell''s completion script'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'udsync;sync'= {
            cand --to 'Sync to this target only'
            cand --since 'Only orders created on or after this day, in the time zone of the books'
            cand --until 'Only orders created on or before this day'
            cand --status 'Only orders in these statuses'
            cand --id 'Only these orders, by the store''s id'
            cand --limit 'Stop after so many records that no earlier run has done'
            cand --max-changes 'Refuse to make more than so many changes'
            cand --confirm 'Confirm the plan that an earlier run has shown'
            cand --idempotency-key 'Run at most once under this key; a second run with it prints what the first one did'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --full 'Look at every record, not only at those that changed since the last run'
            cand --sandbox 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
            cand -y 'Make the changes without asking'
            cand --yes 'Make the changes without asking'
            cand --dry-run 'Show the plan and write nothing'
            cand --exit-code 'With --dry-run: end with code 10 if there is anything to write'
            cand --events 'With --json: print an event a line while the run goes on, and the answer on the last line'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;dry-run'= {
            cand --to 'Sync to this target only'
            cand --since 'Only orders created on or after this day, in the time zone of the books'
            cand --until 'Only orders created on or before this day'
            cand --status 'Only orders in these statuses'
            cand --id 'Only these orders, by the store''s id'
            cand --limit 'Stop after so many records that no earlier run has done'
            cand --out 'Save the plan to this file'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --full 'Look at every record, not only at those that changed since the last run'
            cand --sandbox 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run'
            cand --exit-code 'End with code 10 if there is anything to write'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;apply'= {
            cand --max-changes 'Refuse to make more than so many changes'
            cand --confirm 'Confirm the plan that an earlier run has shown'
            cand --idempotency-key 'Run at most once under this key; a second run with it prints what the first one did'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand -y 'Make the changes without asking'
            cand --yes 'Make the changes without asking'
            cand --sandbox 'Use the built-in sandbox'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;retry'= {
            cand --skip 'Set this one aside for good'
            cand --why 'Why it is set aside; kept with it'
            cand --max-changes 'Refuse to make more than so many changes'
            cand --confirm 'Confirm the plan that an earlier run has shown'
            cand --idempotency-key 'Run at most once under this key; a second run with it prints what the first one did'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --all 'Try everything that is held or failed'
            cand --list 'List what is held or failed'
            cand -y 'Make the changes without asking'
            cand --yes 'Make the changes without asking'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;history'= {
            cand --entity 'Only runs over this kind of record'
            cand --status 'Only runs that ended like this'
            cand --since 'Only runs begun on or after this day'
            cand --until 'Only runs begun on or before this day'
            cand --limit 'So many runs on a page'
            cand --page 'This page, the newest runs being on the first'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;sandbox'= {
            cand --port 'Listen on this port and the next; 0 takes any that are free'
            cand --into 'Write udsync.toml and sandbox.env into this folder instead of printing them'
            cand --orders 'Serve so many machine-made orders instead of the demonstration shop'
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;config'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand show 'Print every effective value and where it comes from; secrets are never shown'
            cand check 'Report every mistake in the configuration file'
            cand path 'Print the path of the configuration file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'udsync;config;show'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;config;check'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;config;path'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;config;help'= {
            cand show 'Print every effective value and where it comes from; secrets are never shown'
            cand check 'Report every mistake in the configuration file'
            cand path 'Print the path of the configuration file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'udsync;config;help;show'= {
        }
        &'udsync;config;help;check'= {
        }
        &'udsync;config;help;path'= {
        }
        &'udsync;config;help;help'= {
        }
        &'udsync;completions'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;man'= {
            cand --config 'Use this configuration file'
            cand --shop 'Use NAME.toml of the configuration folder'
            cand --state 'Keep the state in this file'
            cand --output 'Print the answer in this form'
            cand --log-format 'Write log lines in this form'
            cand --log-file 'Write log lines to this file instead of standard error'
            cand --color 'Colour the answer'
            cand --json 'Print the answer as JSON'
            cand -q 'Print only the answer and errors'
            cand --quiet 'Print only the answer and errors'
            cand -v 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --verbose 'Say more: -v lists unchanged records and logs each stage, -vv logs each request'
            cand --log-pii 'Let names and addresses of customers into the log, for looking into one case'
            cand --no-input 'Never ask; stop and name the flag that answers'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'udsync;help'= {
            cand sync 'Plan, then post what is missing'
            cand dry-run 'Show what a sync would write, and write nothing'
            cand apply 'Send exactly a saved plan'
            cand retry 'Try held and failed records again'
            cand history 'Show past runs, or one run with its changes'
            cand sandbox 'Start a stand-in of WooCommerce and of QuickBooks on this machine'
            cand config 'Look at the configuration'
            cand completions 'Print a shell''s completion script'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'udsync;help;sync'= {
        }
        &'udsync;help;dry-run'= {
        }
        &'udsync;help;apply'= {
        }
        &'udsync;help;retry'= {
        }
        &'udsync;help;history'= {
        }
        &'udsync;help;sandbox'= {
        }
        &'udsync;help;config'= {
            cand show 'Print every effective value and where it comes from; secrets are never shown'
            cand check 'Report every mistake in the configuration file'
            cand path 'Print the path of the configuration file'
        }
        &'udsync;help;config;show'= {
        }
        &'udsync;help;config;check'= {
        }
        &'udsync;help;config;path'= {
        }
        &'udsync;help;completions'= {
        }
        &'udsync;help;man'= {
        }
        &'udsync;help;help'= {
        }
    ]
    $completions[$command]
}
