using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Sessions;
using Skerry.Base.Text;
using Skerry.Core.Links;
using Skerry.Core.Lost;
using Skerry.Core.Placement;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>core's main thread: bring the instance up, start what the configuration puts here, then supervise.</summary>
internal static unsafe class CoreMain
{
    private static readonly ThreadCapability _self = new(new CapabilitySlot((uint)InitialSlot.Thread));

    public static void Run()
    {
        _self.SetScheduling(
            Server.CorePriority,
            new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext)),
            new SchedControlCapability(new CapabilitySlot((uint)InitialSlot.FirstSchedControl))
        );
        ReadOnlySpan<byte> lacking = Core.Prepare();
        if (!lacking.IsEmpty)
        {
            Span<byte> buffer = stackalloc byte[160];
            var reason = new TextBuilder(buffer);
            Fail(reason.Append("core: "u8).Append(lacking).Text);
        }
        Server* server = Core.Server;
        server->Hooks.Print = &Print;
        server->Hooks.TryPrint = &TryPrint;
        server->Hooks.OpenSession = &CoreSessions.Open;
        server->Hooks.CloseSession = &CoreSessions.Close;
        OpenLinks(server);
        if (Core.IsRoot && !Console.Start(server))
        {
            Fail("core: too little memory for the console"u8);
        }
        if (!OwnThreads.Start(server))
        {
            Fail("core: too little memory for its threads"u8);
        }
        SystemConfiguration configuration = OpenConfiguration(server);
        bool served =
            ChannelSessions.Initialise(server, in configuration)
            && CoreThread.Start(server, CoreThread.DoorbellStack, &LinkWork.Run, CoreThread.Turns);
        if (!served)
        {
            Fail("core: too little memory for its channels"u8);
        }
        if (Core.IsRoot && !LostClusters.Watch(server))
        {
            server->Hooks.Print("core: the ends of other kernels can't be seen\n"u8);
        }
        Announce(server);
        RequireHomes(configuration);
        StartChildren(server, configuration);
        Supervise(server, configuration);
    }

    /// <summary>As early as can be: whatever fails later can be told to the root.</summary>
    private static void OpenLinks(Server* server)
    {
        var resources = new CoreLinkResources(server);
        if (Links.Links.Open(Core.Information, Core.Machine, ref resources) != LinkResult.Ok)
        {
            Fail("core: no links to the other clusters"u8);
        }
        isLinked = true;
        if (Core.IsRoot && !ClusterEnds.Open(ref server->Memory, Links.Links.ClusterCount))
        {
            Fail("core: too little memory for what the clusters tell"u8);
        }
    }

    private static SystemConfiguration OpenConfiguration(Server* server)
    {
        ConfigurationStatus status = SystemConfiguration.Open(server->Configuration, out SystemConfiguration opened);
        if (status != ConfigurationStatus.Ok)
        {
            Span<byte> buffer = stackalloc byte[160];
            var reason = new TextBuilder(buffer);
            Fail(reason.Append("core: system.bin "u8).Append(ConfigurationStatusText.Of(status)).Text);
        }
        return opened;
    }

    /// <summary>The root looks for all, before anything starts.</summary>
    private static void RequireHomes(SystemConfiguration configuration)
    {
        Span<byte> buffer = stackalloc byte[200];
        var reason = new TextBuilder(buffer);
        if (!Core.IsRoot)
        {
            return;
        }
        var memory = new VcoreMemory(configuration, Core.Cpus, Core.Clusters, Core.MemoryRanges);
        if (!new Homes(configuration, Core.Cpus).AllExist(ref reason) || !memory.IsAllTaken(ref reason))
        {
            Fail(reason.Text);
        }
    }

    /// <summary>The links to the other clusters are open: lines and ends can be told to the root.</summary>
    private static bool isLinked;

    /// <summary>Ends the system, in the root; elsewhere tells the root, which does, and stands still.</summary>
    public static void Fail(ReadOnlySpan<byte> reason) => Fail(reason, "core"u8);

    /// <param name="reason">What is said.</param>
    /// <param name="name">Of the child that failed, or core.</param>
    private static void Fail(ReadOnlySpan<byte> reason, ReadOnlySpan<byte> name)
    {
        if (Core.IsRoot)
        {
            Console.End(ExitCode.ComponentFailure, reason);
        }
        if (isLinked)
        {
            Span<byte> buffer = stackalloc byte[256];
            var text = new TextBuilder(buffer);
            text.Append("core "u8).AppendDecimal(Core.Server->ClusterId).Append(": "u8).Append(reason).AppendLine();
            Links.Links.SendLog(text.Text);
            Links.Links.SendFailed(new Failure { Name = BoundedText<NameBytes>.Of(name) });
        }
        while (true)
        {
            Processor.Yield();
        }
    }

    private static void Print(ReadOnlySpan<byte> line)
    {
        if (Core.IsRoot)
        {
            Figures.Observe(line);
            Console.Write(line);
        }
        else
        {
            Links.Links.SendLog(line);
        }
    }

    private static LogResult TryPrint(ReadOnlySpan<byte> line)
    {
        if (!Core.IsRoot)
        {
            return Links.Links.TrySendLog(line) switch
            {
                LinkResult.Ok => LogResult.Ok,
                LinkResult.Full => LogResult.Busy,
                _ => LogResult.CallFailed,
            };
        }
        if (!Console.TryWrite(line))
        {
            return LogResult.Busy;
        }
        Figures.Observe(line);
        return LogResult.Ok;
    }

    private static void Announce(Server* server)
    {
        Span<byte> buffer = stackalloc byte[160];
        var text = new TextBuilder(buffer);
        text.Append("core "u8).AppendDecimal(server->ClusterId).Append(": "u8);
        text.AppendDecimal(server->CpuCount).Append(" CPUs, "u8);
        text.AppendDecimal(server->Untyped.TotalBytes >> 10).Append(" KiB to give, kernel at "u8);
        text.AppendHex(Core.Information->KernelImage.Base).AppendLine();
        server->Hooks.Print(text.Text);
        if (Core.Information->WithheldBytes != 0)
        {
            TellWithheld(server);
        }
    }

    private static void TellWithheld(Server* server)
    {
        Span<byte> buffer = stackalloc byte[160];
        var text = new TextBuilder(buffer);
        text.Append("core "u8).AppendDecimal(server->ClusterId).Append(": warning: "u8);
        text.AppendDecimal(Core.Information->WithheldBytes >> 10);
        text.Append(" KiB in the smallest pieces are not used; there is room for "u8);
        text.AppendDecimal(CoreInformation.MaximumUntypeds).Append(" pieces"u8).AppendLine();
        server->Hooks.Print(text.Text);
    }

    private static void StartChildren(Server* server, SystemConfiguration configuration)
    {
        RecordRange range = configuration.CoreChildren;
        ClusterNumbers numbers = ClusterNumbers.Of(Core.Cpus);
        for (uint i = range.First; i < range.First + range.Count; i++)
        {
            ChildRecord record = configuration.Child(i);
            if (numbers.IsIn(in record, server->ClusterId))
            {
                StartChild(server, configuration, i, record, null);
            }
        }
        if (!VcoreInstances.StartAll(server, configuration, out uint failed))
        {
            FailStart("vcore "u8, configuration.Text(configuration.Vcore(failed).Name));
        }
    }

    private static void StartChild(
        Server* server,
        SystemConfiguration configuration,
        uint index,
        in ChildRecord record,
        Child* again
    )
    {
        Span<byte> buffer = stackalloc byte[64];
        var file = new TextBuilder(buffer);
        file.Append(configuration.Text(record.Binary)).Append(".elf"u8);
        bool found = RomModules.TryFind(file.Text, out ReadOnlySpan<byte> program);
        uint cpu = record.AffinityX < server->CpuCount ? record.AffinityX : server->CpuCount - 1;
        LoadResult result = ConfiguredChildren.Start(
            server,
            configuration,
            index,
            cpu,
            "core"u8,
            found ? LoadResult.Ok : LoadResult.NoBinary,
            program,
            Core.CountsInstructions,
            again
        );
        if (result == LoadResult.Ok)
        {
            BootTime.Tell(server);
        }
        if (result != LoadResult.Ok && (record.Flags & ChildFlags.Essential) != 0)
        {
            FailStart("essential child "u8, configuration.Text(record.Name));
        }
    }

    /// <summary>Of one that the system cannot do without.</summary>
    private static void FailStart(ReadOnlySpan<byte> what, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[128];
        var text = new TextBuilder(buffer);
        Fail(text.Append(what).Append(name).Append(" could not be started"u8).Text, name);
    }

    private static void Supervise(Server* server, SystemConfiguration configuration)
    {
        Supervisor.AllStarted(server);
        while (true)
        {
            for (Child* child = Supervisor.NextEnded(server); child != null; child = Supervisor.NextEnded(server))
            {
                HandleEnd(server, child);
            }
            for (Child* child = Restarts.Next(server); child != null; child = Restarts.Next(server))
            {
                RestartReports.Tell(server, default, "core"u8, child);
                StartChild(server, configuration, child->ConfigurationIndex, child->Record, child);
            }
            SystemEnd.Advance(server);
            server->Attention.Wait(out _);
        }
    }

    private static void HandleEnd(Server* server, Child* child)
    {
        bool silent = !VcoreInstances.TakeWord(child);
        bool startsAgain = Restarts.AreDue(child);
        if (!startsAgain || Restarts.IsTold(child, child->Restarts + 1))
        {
            TellEnd(server, child, silent);
        }
        bool failed = silent || child->State == ChildState.Crashed || child->ExitValue != 0;
        bool essential = (child->Record.Flags & ChildFlags.Essential) != 0;
        Children.Destroy(server, child, startsAgain);
        if (startsAgain)
        {
            Restarts.Await(server, child);
            return;
        }
        child->Reported = true;
        if (failed && essential)
        {
            Span<byte> buffer = stackalloc byte[128];
            var text = new TextBuilder(buffer);
            text.Append("essential child "u8).Append(child->Name.Text).Append(" failed"u8);
            Fail(text.Text, child->Name.Text);
        }
    }

    private static void TellEnd(Server* server, Child* child, bool silent)
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new TextBuilder(buffer);
        EndReports.Write("core"u8, child, ref text);
        if (silent)
        {
            text.Append("core: vcore "u8).Append(child->Name.Text);
            text.Append(" ended without a word of its children"u8).AppendLine();
        }
        server->Hooks.Print(text.Text);
    }
}
