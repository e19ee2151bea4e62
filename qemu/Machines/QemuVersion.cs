using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Machines;

/// <summary>Which QEMU is installed, and whether it can be a machine.</summary>
public static partial class QemuVersion
{
    /// <summary>The first one whose emulated local APIC has x2APIC mode.</summary>
    private static readonly Version _withX2Apic = new(9, 0);

    private static readonly Lazy<Version?> _installed = new(Ask);

    /// <summary>Null: it is not installed, or does not say.</summary>
    public static Version? Installed => _installed.Value;

    /// <exception cref="BadInputException">The QEMU that is installed cannot be this machine.</exception>
    public static void Require(MachineOptions options)
    {
        if (Installed is { } version && WhyNot(options.Topology, options.Accelerator, version) is { } reason)
        {
            throw new BadInputException(reason);
        }
    }

    /// <summary>Whether an emulated machine can have CPUs with APIC ids of more than 8 bits.</summary>
    public static bool HasX2Apic(Version version) => version >= _withX2Apic;

    /// <returns>Why a version of QEMU cannot be a machine; null if it can.</returns>
    public static string? WhyNot(Topology topology, Accelerator accelerator, Version version)
    {
        if (!topology.Shape.NeedsX2Apic || accelerator == Accelerator.Kvm)
        {
            return null;
        }
        if (accelerator == Accelerator.InstructionCount)
        {
            return $"{topology.Name} takes x2APIC, which QEMU does not emulate while it counts instructions";
        }
        if (HasX2Apic(version))
        {
            return null;
        }
        string machine =
            $"{topology.Name} has {topology.Cpus.Count} CPUs, with APIC ids up to {topology.Cpus[^1].ApicId}";
        string need =
            $"ids above {MachineShape.HighestNarrowApicId} take x2APIC, which QEMU emulates from {_withX2Apic} on";
        return $"{machine}: {need}; the QEMU that is installed is {version}";
    }

    /// <param name="text">What QEMU answers to --version.</param>
    /// <returns>Null if it is something else.</returns>
    public static Version? Parse(string text)
    {
        Match match = Pattern().Match(text);
        return match.Success ? Version.Parse(match.Groups[1].Value) : null;
    }

    private static Version? Ask()
    {
        try
        {
            var start = new ProcessStartInfo(QemuProcess.Program, ["--version"]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Parse(text);
        }
        catch (Win32Exception)
        {
            // Whoever starts a machine is told.
            return null;
        }
    }

    [GeneratedRegex(@"^QEMU emulator version (\d+\.\d+(\.\d+)?)")]
    private static partial Regex Pattern();
}
