using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>
/// A server above core that owns CPUs and the memory near them. To its children it is what core is to it: the same
/// library serves them, from memory that was claimed from core once, at the start. After that core is asked only for
/// what it alone has: ROM modules, the console, and the memory behind dataspaces that others made.
/// </summary>
internal static unsafe class VCore
{
    private const ulong NoConfiguration = 1;
    private const ulong NoMemory = 2;
    private const ulong NoThreads = 3;

    private static Server server = default;

    // Safety: statics of unmanaged types do not move.
    private static Server* Instance => (Server*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref server);

    /// <summary>From the first instruction to the end.</summary>
    /// <returns>The component's exit value.</returns>
    public static ulong Run(in Environment environment)
    {
        Instance->Name = ServerName.OfVcore(environment.Name);
        var block = (StartupBlock*)UserLayout.InformationPage;
        // Slots for what messages bring; all behind them are the server library's.
        uint messageSlots = VcoreNeeds.Server(environment.AffinitySpace.Width, 0).MessageSlots;
        uint firstServerSlot = block->FirstFreeSlot + messageSlots;
        CapabilitySlots.Initialise(block->FirstFreeSlot, firstServerSlot);
        if (!OpenConfiguration(in environment, out SystemConfiguration configuration))
        {
            Tell(in environment, "no configuration to run by"u8);
            return NoConfiguration;
        }
        InstanceArguments arguments = InstanceArguments.Read(environment.Arguments);
        var claims = new MemoryClaims(environment, arguments.FirstCpu, firstServerSlot);
        uint slots = (1u << (int)block->CapTableSizeBits) - firstServerSlot;
        if (!claims.Take(Instance, configuration, configuration.Vcore(arguments.Index).Memory, slots))
        {
            Tell(in environment, "the memory that the configuration names can't be claimed"u8);
            return NoMemory;
        }
        if (claims.Bytes < arguments.Memory)
        {
            TellShort(in environment, claims.Bytes, arguments.Memory);
            return NoMemory;
        }
        VcoreRecord record = configuration.Vcore(arguments.Index);
        ulong forPageTables = VcoreNeeds.PageTables(record.Children.Count, claims.Bytes);
        Instance->Account.Endow(new Resources(0, record.CapabilityQuota + forPageTables));
        ParentHooks.Install(Instance, in environment);
        StartReport.Print(in environment, Instance, in claims);
        if (!StartThreads())
        {
            Tell(in environment, "not enough memory for the server's own threads"u8);
            return NoThreads;
        }
        OwnChildren.StartAll(Instance, configuration, in arguments, in environment);
        return OwnChildren.Supervise(Instance, configuration, in arguments, in environment);
    }

    /// <summary>Why it ends.</summary>
    public static void Tell(in Environment environment, ReadOnlySpan<byte> what)
    {
        Span<byte> buffer = stackalloc byte[240];
        var line = new TextBuilder(buffer);
        ServerName.OfVcore(environment.Name).BeginLine(ref line);
        line.Append(what).AppendLine();
        environment.Log.Write(in line);
    }

    private static void TellShort(in Environment environment, ulong claimed, ulong wanted)
    {
        Span<byte> buffer = stackalloc byte[160];
        var text = new TextBuilder(buffer);
        text.Append("of the memory that the configuration names here, "u8).AppendSize(wanted);
        text.Append(", only "u8).AppendSize(claimed).Append(" can be claimed"u8);
        Tell(in environment, text.Text);
    }

    private static bool OpenConfiguration(in Environment environment, out SystemConfiguration configuration)
    {
        configuration = default;
        if (RomFile.Open(in environment, "system.bin"u8, out RomFile file) != LoadResult.Ok)
        {
            return false;
        }
        // It stays open: the children are read from it, and their routes, as long as the vcore runs.
        ReadOnlySpan<byte> bytes = file.Content;
        fixed (byte* start = &bytes[0])
        {
            Instance->SetConfiguration(start, bytes.Length);
        }
        return SystemConfiguration.Open(bytes, out configuration) == ConfigurationStatus.Ok;
    }

    private static bool StartThreads()
    {
        SessionEntrypoint.Instance = Instance;
        CapabilitySlot attention = OwnThreads.Make(Instance, ObjectType.Notification, Instance->Cpus[0].ClusterIndex);
        Instance->Attention = new NotificationCapability(attention);
        return !attention.IsNull && OwnThreads.Start(Instance);
    }
}
