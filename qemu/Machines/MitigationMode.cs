namespace Skerry.Qemu.Machines;

/// <summary>Whether the kernels guard against vulnerabilities of processors (command line mitigations=off|on).</summary>
public enum MitigationMode
{
    Off,
    On,
}
