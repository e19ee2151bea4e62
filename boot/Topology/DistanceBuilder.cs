using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Topology;

/// <summary>Fills in the distances between the nodes: the SLIT's, else from the HMAT's latencies, else 10 and 20.</summary>
public static class DistanceBuilder
{
    /// <summary>A table that could not be read comes as its default, which covers no domain.</summary>
    public static void Fill(ref MachineTopology machine, SlitReader slit, HmatReader hmat, ref WarningList warnings)
    {
        if (slit.FurtherBytes != 0)
        {
            warnings.Add(WarningSource.Slit, WarningReason.TooLong, slit.FurtherBytes);
        }
        for (uint from = 0; from < machine.NodeCount; from++)
        {
            uint fromDomain = machine.Nodes[(int)from].Domain;
            if (slit.Size != 0 && fromDomain >= slit.Size)
            {
                warnings.Add(WarningSource.Slit, WarningReason.DomainNotCovered, fromDomain);
            }
            for (uint to = 0; to < machine.NodeCount; to++)
            {
                machine.SetDistance(
                    from,
                    to,
                    Distance(fromDomain, machine.Nodes[(int)to].Domain, slit, hmat, ref warnings)
                );
            }
        }
    }

    private static byte Distance(uint from, uint to, SlitReader slit, HmatReader hmat, ref WarningList warnings)
    {
        if (from < slit.Size && to < slit.Size)
        {
            byte distance = slit[from, to];
            if (from == to ? distance == SlitReader.Local : distance > SlitReader.Local)
            {
                return distance;
            }
            // Off the diagonal 10 is a node as near as one's own, which some firmware means; below 10 is reserved.
            if (from != to && distance == SlitReader.Local)
            {
                return distance;
            }
            warnings.Add(WarningSource.Slit, WarningReason.BadDistance, (ulong)from * slit.Size + to);
        }
        return from == to ? SlitReader.Local : FromLatency(from, to, hmat);
    }

    /// <summary>10 times as far as the latency is longer than the nearest one.</summary>
    private static byte FromLatency(uint from, uint to, HmatReader hmat)
    {
        ulong remote = hmat.Latency(from, to);
        ulong local = hmat.Latency(from, from);
        if (remote == HmatReader.Unreachable)
        {
            return SlitReader.Unreachable;
        }
        if (remote == 0 || local is 0 or HmatReader.Unreachable)
        {
            return SlitReader.Remote;
        }
        ulong distance = SlitReader.Local * remote / local;
        return distance < SlitReader.Local ? SlitReader.Local
            : distance > 254 ? (byte)254
            : (byte)distance;
    }
}
