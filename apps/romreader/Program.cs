using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.RomReader;

/// <summary>
/// Reads a ROM module, whose dataspace core made and not the vcore that this component runs on: the vcore's pager can't
/// answer its faults and asks core. Attached anew each time, so that each first read is such a fault.
/// </summary>
internal static class Program
{
    private const ulong NoModule = 1;
    private const ulong NotAttached = 2;
    private const ulong ContentChanged = 3;
    private const int Rounds = 200;

    private static Samples samples;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> module = CommandWords.First(environment.Arguments);
        if (environment.OpenSession("ROM"u8, module, Quota.None, out CapabilitySlot session) != ParentResult.Ok)
        {
            environment.Log.WriteLine("no such ROM module"u8);
            return NoModule;
        }
        if (new RomSessionClient(session).Dataspace(out DataspaceCapability dataspace, out ulong bytes) != RomResult.Ok)
        {
            return NoModule;
        }
        ulong first = 0;
        for (int i = 0; i < Rounds; i++)
        {
            if (!ReadOnce(in environment, dataspace, out ulong word))
            {
                return NotAttached;
            }
            first = i == 0 ? word : first;
            if (word != first)
            {
                return ContentChanged;
            }
        }
        Report(in environment, module, bytes);
        return ExitValue.Success;
    }

    /// <summary>The first word of the arguments.</summary>
    private static unsafe bool ReadOnce(in Environment environment, DataspaceCapability dataspace, out ulong word)
    {
        word = 0;
        RegionMapClient map = environment.RegionMap;
        if (map.Attach(dataspace, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address) != AttachResult.Ok)
        {
            return false;
        }
        samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
        ulong start = SystemCalls.ReadTimeStampCounter();
        // Safety: attached a moment ago; this read is the one that faults.
        word = System.Threading.Volatile.Read(ref *(ulong*)address);
        samples.Add(SystemCalls.ReadTimeStampCounter() - start);
        return map.Detach(address) == RegionMapResult.Ok;
    }

    private static void Report(in Environment environment, ReadOnlySpan<byte> module, ulong bytes)
    {
        Span<byte> buffer = stackalloc byte[2 * BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        text.Append("read "u8).Append(module).Append(", "u8).AppendDecimal(bytes).Append(" bytes\n"u8);
        BenchLine.Append(ref text, "fault-foreign"u8, ref samples, environment.Arguments);
        environment.Log.Write(in text);
    }
}
