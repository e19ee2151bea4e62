using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.CommandLines;

/// <summary>test=CLUSTER:FAULT on the command line: which kernel is to commit which fault after its start.</summary>
public readonly struct DeliberateFaultReader
{
    private readonly uint _cluster;
    private readonly DeliberateFault _fault;

    /// <summary>Offset of the word.</summary>
    private readonly int _at;

    private DeliberateFaultReader(uint cluster, DeliberateFault fault, int at)
    {
        _cluster = cluster;
        _fault = fault;
        _at = at;
    }

    public static ReadOnlySpan<byte> Word => "test="u8;

    public static ReadOnlySpan<byte> Known =>
        "a cluster, a colon, and pagefault, gp, doublefault, stackoverflow, gsbase, check"u8;

    public DeliberateFault For(uint cluster) => cluster == _cluster ? _fault : DeliberateFault.None;

    /// <summary>Warns if the cluster is none of so many.</summary>
    public void RequireCluster(int clusters, ref WarningList warnings)
    {
        if (_fault != DeliberateFault.None && _cluster >= clusters)
        {
            warnings.Add(WarningSource.CommandLine, WarningReason.NoSuchCluster, (ulong)_at, things: clusters);
        }
    }

    public static DeliberateFaultReader Read(ReadOnlySpan<byte> commandLine, ref WarningList warnings)
    {
        if (!CommandLine.Find(commandLine, Word, out ReadOnlySpan<byte> value, out int at))
        {
            return default;
        }
        int colon = value.IndexOf((byte)':');
        if (colon > 0 && ReadNumber(value.Slice(0, colon), out uint cluster))
        {
            DeliberateFault fault = ReadFault(value.Slice(colon + 1));
            if (fault != DeliberateFault.None)
            {
                return new DeliberateFaultReader(cluster, fault, at);
            }
        }
        warnings.Add(WarningSource.CommandLine, WarningReason.BadValue, (ulong)at);
        return default;
    }

    private static DeliberateFault ReadFault(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("pagefault"u8))
        {
            return DeliberateFault.PageFault;
        }
        if (name.SequenceEqual("gp"u8))
        {
            return DeliberateFault.GeneralProtection;
        }
        if (name.SequenceEqual("doublefault"u8))
        {
            return DeliberateFault.DoubleFault;
        }
        if (name.SequenceEqual("stackoverflow"u8))
        {
            return DeliberateFault.StackOverflow;
        }
        if (name.SequenceEqual("gsbase"u8))
        {
            return DeliberateFault.UserGsBase;
        }
        return name.SequenceEqual("check"u8) ? DeliberateFault.FailedCheck : DeliberateFault.None;
    }

    /// <summary>Up to nine digits: whether there is such a cluster is seen when there are clusters.</summary>
    private static bool ReadNumber(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < (byte)'0' or > (byte)'9')
            {
                return false;
            }
            number = number * 10 + text[i] - '0';
        }
        return text.Length is > 0 and <= 9;
    }
}
