
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
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Plan, then post what is missing')
            [CompletionResult]::new('dry-run', 'dry-run', [CompletionResultType]::ParameterValue, 'Show what a sync would write, and write nothing')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send exactly a saved plan')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try held and failed records again')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run with its changes')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Start a stand-in of WooCommerce and of QuickBooks on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'udsync;sync' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Sync to this target only')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only orders created on or after this day, in the time zone of the books')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only orders created on or before this day')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only orders in these statuses')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only these orders, by the store''s id')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many records that no earlier run has done')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Look at every record, not only at those that changed since the last run')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and write nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: end with code 10 if there is anything to write')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'With --json: print an event a line while the run goes on, and the answer on the last line')
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
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only these orders, by the store''s id')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many records that no earlier run has done')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Save the plan to this file')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Look at every record, not only at those that changed since the last run')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the built-in sandbox: a shop and a company on this machine, made anew for this run')
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
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
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
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Set this one aside for good')
            [CompletionResult]::new('--why', '--why', [CompletionResultType]::ParameterName, 'Why it is set aside; kept with it')
            [CompletionResult]::new('--max-changes', '--max-changes', [CompletionResultType]::ParameterName, 'Refuse to make more than so many changes')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the plan that an earlier run has shown')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Run at most once under this key; a second run with it prints what the first one did')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Try everything that is held or failed')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List what is held or failed')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Make the changes without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Make the changes without asking')
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
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'So many runs on a page')
            [CompletionResult]::new('--page', '--page', [CompletionResultType]::ParameterName, 'This page, the newest runs being on the first')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
        'udsync;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port and the next; 0 takes any that are free')
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'Write udsync.toml and sandbox.env into this folder instead of printing them')
            [CompletionResult]::new('--orders', '--orders', [CompletionResultType]::ParameterName, 'Serve so many machine-made orders instead of the demonstration shop')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
        'udsync;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
        'udsync;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
        'udsync;man' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration file')
            [CompletionResult]::new('--shop', '--shop', [CompletionResultType]::ParameterName, 'Use NAME.toml of the configuration folder')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the answer in this form')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Write log lines in this form')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write log lines to this file instead of standard error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the answer')
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
        'udsync;help' {
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Plan, then post what is missing')
            [CompletionResult]::new('dry-run', 'dry-run', [CompletionResultType]::ParameterValue, 'Show what a sync would write, and write nothing')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Send exactly a saved plan')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try held and failed records again')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run with its changes')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Start a stand-in of WooCommerce and of QuickBooks on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
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
        'udsync;help;history' {
            break
        }
        'udsync;help;sandbox' {
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
        'udsync;help;completions' {
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
