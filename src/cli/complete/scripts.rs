//! The scripts by which shells ask: as little as each of them needs.

use std::ffi::OsString;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Say what can stand at a place of a command line
///
/// For the scripts of `udsync completions --dynamic`. Each line is a candidate, and behind a tab what it is.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  udsync complete-line -- retry F")]
pub struct CompleteLineArgs {
    /// The words behind `udsync`; the last one is being typed
    #[arg(value_name = "WORD", last = true)]
    pub words: Vec<OsString>,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletionShell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
    Nushell,
}

impl CompletionShell {
    /// The shells for which a script with every flag in it can be made.
    pub fn of_clap(self) -> Option<Shell> {
        Some(match self {
            CompletionShell::Bash => Shell::Bash,
            CompletionShell::Elvish => Shell::Elvish,
            CompletionShell::Fish => Shell::Fish,
            CompletionShell::PowerShell => Shell::PowerShell,
            CompletionShell::Zsh => Shell::Zsh,
            CompletionShell::Nushell => return None,
        })
    }
}

/// The script that asks; `None` where the shell has no way to.
pub fn script(shell: CompletionShell) -> Option<&'static str> {
    Some(match shell {
        CompletionShell::Bash => BASH,
        CompletionShell::Zsh => ZSH,
        CompletionShell::Fish => FISH,
        CompletionShell::PowerShell => POWERSHELL,
        CompletionShell::Nushell => NUSHELL,
        CompletionShell::Elvish => return None,
    })
}

/// Where nothing is offered, bash offers files.
const BASH: &str = r#"_udsync() {
    local IFS=$'\n' words candidates
    words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    candidates=$(udsync complete-line -- "${words[@]}" 2>/dev/null) || return
    COMPREPLY=()
    local candidate
    for candidate in $candidates; do
        COMPREPLY+=("${candidate%%$'\t'*}")
    done
    if [[ ${COMP_WORDS[COMP_CWORD]} == "=" || ${COMP_WORDS[COMP_CWORD-1]} == "=" ]]; then
        COMPREPLY=("${COMPREPLY[@]#*=}")
    fi
}
complete -o default -F _udsync udsync
"#;

const ZSH: &str = r#"#compdef udsync
_udsync() {
    local -a lines offered
    local line
    lines=("${(@f)$(udsync complete-line -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    for line in $lines; do
        offered+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if (( ${#offered} )); then
        _describe 'udsync' offered
    else
        _files
    fi
}
if [ "$funcstack[1]" = "_udsync" ]; then
    _udsync "$@"
else
    compdef _udsync udsync
fi
"#;

const FISH: &str = r#"function __udsync_complete
    set -l words (commandline -opc)
    udsync complete-line -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c udsync -f -a '(__udsync_complete)'
complete -c udsync -n 'test (count (__udsync_complete)) -eq 0' -F
"#;

const POWERSHELL: &str = r#"Register-ArgumentCompleter -Native -CommandName udsync -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    # Before 7.3 a word of nothing would get lost on the way to a program.
    $isLegacy = $PSNativeCommandArgumentPassing -in $null, 'Legacy'
    $words += if ($wordToComplete -eq '' -and $isLegacy) { '""' } else { $wordToComplete }
    & udsync complete-line -- @words 2>$null | ForEach-Object {
        $word, $help = $_ -split "`t", 2
        if (-not $help) { $help = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
    }
}
"#;

const NUSHELL: &str = r#"let udsync_completer = {|spans|
    ^udsync complete-line -- ...($spans | skip 1)
    | lines
    | each {|line| let parts = ($line | split row "\t"); { value: $parts.0, description: ($parts | get -o 1 | default "") } }
}
let others = ($env.config.completions?.external?.completer? | default null)
$env.config.completions.external = {
    enable: true
    completer: {|spans| if $spans.0 == "udsync" { do $udsync_completer $spans } else if $others != null { do $others $spans } }
}
"#;
