# Skerry's targets for PowerShell; the Makefile has the same. "./build.ps1 help" lists them.
param(
    [Parameter(Position = 0)]
    [ValidateSet('help', 'setup', 'build', 'machine', 'run', 'test', 'bench', 'fuzz', 'debug', 'format', 'clean')]
    [string] $Target = 'help',
    [string] $Topology = '4x4',
    [string] $Cluster = 'l2',
    [string] $Mitigations = 'off',
    [string] $Config = '',
    [string] $Kvm = 'off',
    [string] $Suite = '',
    [string] $Soak = '0',
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

# What a build reads, with the folders, and what of it a restore reads; as in the Makefile.
$Projects = '*.csproj', '*.props', '*.targets', '*.slnx', 'global.json'
$Kinds = $Projects + '*.cs', '*.slnf', '*.ld', '.editorconfig', 'dotnet-tools.json'

# Whether something of these kinds is newer than a stamp, as make asks; not in folders that the pattern fits.
function Test-Newer([string] $Stamp, [string[]] $Names, [string] $Without = '^$') {
    if (-not (Test-Path $Stamp)) { return $true }
    $built = (Get-Item $Stamp).LastWriteTimeUtc
    $top = Get-ChildItem -Force -Exclude out, .git, docs, .vscode
    $below = $top | Where-Object { $_.PSIsContainer } | Get-ChildItem -Force -Recurse
    foreach ($item in @($top) + @($below)) {
        if ($item.LastWriteTimeUtc -le $built) { continue }
        if ([IO.Path]::GetRelativePath($PSScriptRoot, $item.FullName) -match $Without) { continue }
        if ($item.PSIsContainer) {
            if ($Names -contains '*.cs') { return $true }
        }
        elseif ($Names | Where-Object { $item.Name -like $_ }) { return $true }
    }
    return $false
}

# Which parameters each target reads, as in the Makefile.
$OfMachine = 'Topology', 'Cluster', 'Mitigations', 'Config'
$Reads = @{
    run = $OfMachine + 'Kvm'
    test = 'Suite', 'Soak'
    # A suite has machines of its own.
    bench = if ($Suite) { @('Suite') } else { $OfMachine + 'Suite' }
    fuzz = 'Seed', 'Calls', 'Pieces', 'Mitigations'
    debug = $OfMachine
}
$Unread = @($PSBoundParameters.Keys | Where-Object { $_ -ne 'Target' -and $_ -notin $Reads[$Target] })
if ($Unread) {
    $read = if ($Reads[$Target]) { $Reads[$Target] -join ', ' } else { 'no parameter' }
    $named = if ($Target -eq 'bench' -and $Suite) { "$Target -Suite $Suite" } else { $Target }
    [Console]::Error.WriteLine("build.ps1 $named does not read $($Unread -join ', '); it reads $read")
    exit 2
}

# An image that was removed, or that no build has left there.
function Test-Images {
    ./build/images.sh changed
    return $LASTEXITCODE -eq 0
}

# A stamp has the time when its build began: what changed while it ran is newer.
function Invoke-Build([string[]] $Stamps, [string] $Solution) {
    if (Test-Newer 'out/restored' $Projects) {
        $restore = @('dotnet', 'restore', 'Skerry.slnx', '--nologo', '-v:minimal')
        Invoke-Program './build/step.sh' (@('out/restored', '--') + $restore)
    }
    $build = @('dotnet', 'build', $Solution, '-c', 'Release', '--no-restore', '--nologo', '-v:minimal')
    Invoke-Program './build/step.sh' ($Stamps + '--' + $build)
}

function Build-All {
    if (-not (Test-Images) -and -not (Test-Newer 'out/built' $Kinds)) { return }
    Invoke-Build @('out/built', 'out/machine-built') 'Skerry.slnx'
}

# No tests, and no kernel that checks itself.
function Build-Machine {
    $without = '^(tests|kernel/Checking)(/|$)'
    if (-not (Test-Images) -and -not (Test-Newer 'out/machine-built' $Kinds $without)) { return }
    Invoke-Build @('out/machine-built') 'Machine.slnf'
}

$Machine = @('--topology', $Topology, '--cluster', $Cluster, '--mitigations', $Mitigations)
if ($Config) { $Machine += @('--config', $Config) }
$Fuzz = @('--calls', $Calls, '--pieces', $Pieces, '--mitigations', $Mitigations)
if ($Seed) { $Fuzz += @('--seed', $Seed) }
$Tests = @('--soak', $Soak)
$Measurements = $Machine
if ($Suite) {
    $Tests += @('--suite', $Suite)
    $Measurements = @('--suite', $Suite)
}

switch ($Target) {
    'help' {
        'setup    install what is missing: QEMU and binutils by apt, packages and tools by NuGet'
        'build    build the host tool, the tests and all images into out/'
        'machine  build the host tool and what it boots, as run, bench and debug do first'
        'run      boot a machine into a system of components: -Topology -Cluster -Mitigations -Config -Kvm'
        'test     build, check the formatting, run every test: -Suite, -Soak 0 to 1000'
        'bench    run the measurements and print what they cost: -Topology -Cluster -Mitigations -Config, or -Suite kernel, latency, servers or images'
        'fuzz     make random system calls on four CPUs and check the kernel: -Seed -Calls -Pieces -Mitigations'
        'debug    stop at the kernel entry in gdb, with C# source lines: -Topology -Cluster -Mitigations -Config'
        'format   format the sources'
        'clean    remove out/'
    }
    'setup' { Invoke-Program './qemu/setup.sh' @() }
    'build' { Build-All }
    'machine' { Build-Machine }
    'run' { Build-Machine; Invoke-Skerry (@('run') + $Machine + @('--kvm', $Kvm)) }
    'test' { Build-All; Invoke-Skerry (@('test') + $Tests) }
    'bench' { Build-Machine; Invoke-Skerry (@('bench') + $Measurements) }
    'fuzz' { Build-All; Invoke-Skerry (@('fuzz') + $Fuzz) }
    'debug' { Invoke-Program './qemu/setup.sh' @('gdb'); Build-Machine; Invoke-Skerry (@('debug') + $Machine) }
    'format' { Invoke-Program './qemu/setup.sh' @(); Invoke-Program 'dotnet' @('csharpier', 'format', '.') }
    'clean' { if (Test-Path out) { Remove-Item -Recurse -Force out } }
}
