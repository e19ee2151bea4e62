# Skerry's targets for PowerShell; the Makefile has the same. "./build.ps1 help" lists them.
param(
    [Parameter(Position = 0)]
    [ValidateSet('help', 'setup', 'build', 'run', 'test', 'bench', 'fuzz', 'debug', 'format', 'clean')]
    [string] $Target = 'help',
    [string] $Topology = '4x4',
    [string] $Cluster = 'l2',
    [string] $Mitigations = 'off',
    [string] $Config = '',
    [string] $Kvm = 'off',
    [string] $Suite = '',
    [int] $Soak = 0,
    [string] $Seed = '',
    [string] $Calls = '1000000',
    [string] $Pieces = '1'
)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Invoke-Program([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-Skerry([string[]] $Arguments) {
    Invoke-Program 'dotnet' (@('exec', 'out/bin/Skerry.Qemu/release/skerry.dll') + $Arguments)
}

# Whether a source is newer than the last build, as make asks.
function Test-Newer {
    if (-not (Test-Path out/built)) { return $true }
    $built = (Get-Item out/built).LastWriteTimeUtc
    $kinds = '*.cs', '*.csproj', '*.props', '*.targets', '*.slnx', '*.ld', 'dotnet-tools.json'
    $sources = Get-ChildItem -Force -Exclude out, .git | Get-ChildItem -Force -Recurse -File -Include $kinds
    return $null -ne ($sources | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

# Which parameters each target reads, as in the Makefile.
$OfMachine = 'Topology', 'Cluster', 'Mitigations', 'Config'
$Reads = @{
    run = $OfMachine + 'Kvm'
    test = 'Suite', 'Soak'
    bench = $OfMachine + 'Suite'
    fuzz = 'Seed', 'Calls', 'Pieces', 'Mitigations'
    debug = $OfMachine
}
$Unread = @($PSBoundParameters.Keys | Where-Object { $_ -ne 'Target' -and $_ -notin $Reads[$Target] })
if ($Unread) {
    $read = if ($Reads[$Target]) { $Reads[$Target] -join ', ' } else { 'no parameter' }
    [Console]::Error.WriteLine("build.ps1 $Target does not read $($Unread -join ', '); it reads $read")
    exit 2
}

function Build-All {
    if (-not (Test-Newer)) { return }
    Invoke-Program './qemu/setup.sh' @()
    Invoke-Program 'dotnet' @('build', 'Skerry.slnx', '-c', 'Release', '--nologo', '-v:minimal')
    New-Item -ItemType File -Force out/built | Out-Null
}

$Machine = @('--topology', $Topology, '--cluster', $Cluster, '--mitigations', $Mitigations)
if ($Config) { $Machine += @('--config', $Config) }
$Fuzz = @('--calls', $Calls, '--pieces', $Pieces, '--mitigations', $Mitigations)
if ($Seed) { $Fuzz += @('--seed', $Seed) }
$Tests = @('--soak', "$Soak")
$Measurements = $Machine
if ($Suite) {
    $Tests += @('--suite', $Suite)
    $Measurements += @('--suite', $Suite)
}

switch ($Target) {
    'help' {
        'setup    install what is missing: QEMU and binutils by apt, packages and tools by NuGet'
        'build    build the host tool, the tests and all images into out/'
        'run      boot a machine into a system of components: -Topology -Cluster -Mitigations -Config -Kvm'
        'test     build, check the formatting, run every test: -Suite -Soak'
        'bench    run the measurements and print what they cost: -Topology -Cluster -Mitigations -Config, or -Suite kernel, latency or images'
        'fuzz     make random system calls on four CPUs and check the kernel: -Seed -Calls -Pieces -Mitigations'
        'debug    stop at the kernel entry in gdb, with C# source lines: -Topology -Cluster -Mitigations -Config'
        'format   format the sources'
        'clean    remove out/'
    }
    'setup' { Invoke-Program './qemu/setup.sh' @() }
    'build' { Build-All }
    'run' { Build-All; Invoke-Skerry (@('run') + $Machine + @('--kvm', $Kvm)) }
    'test' { Build-All; Invoke-Skerry (@('test') + $Tests) }
    'bench' { Build-All; Invoke-Skerry (@('bench') + $Measurements) }
    'fuzz' { Build-All; Invoke-Skerry (@('fuzz') + $Fuzz) }
    'debug' { Invoke-Program './qemu/setup.sh' @('gdb'); Build-All; Invoke-Skerry (@('debug') + $Machine) }
    'format' { Invoke-Program './qemu/setup.sh' @(); Invoke-Program 'dotnet' @('csharpier', 'format', '.') }
    'clean' { if (Test-Path out) { Remove-Item -Recurse -Force out } }
}
