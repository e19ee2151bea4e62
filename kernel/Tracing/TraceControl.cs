using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Operations;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Tracing;

/// <summary>
/// CpuControl's StartTrace and StopTrace. Under the cluster lock. The CPU changes its doors itself, at a rendezvous; one
/// that is in the kernel then leaves it by the door that it came through.
/// </summary>
internal static unsafe class TraceControl
{
    public static Status Start(Cpu* cpu, Cpu* target, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Frame,
            (byte)FrameRights.Write,
            out Capability* frame
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        ulong physical = frame->PhysicalBase;
        ulong pages = frame->Extent;
        bool isOwn = TraceRing.IsSize(pages) && OwnedMemory.Contains(physical, pages * UserLayout.PageSize);
        if (!isOwn)
        {
            // The kernel writes it through the direct map, which has the cluster's own memory alone.
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        if (target->Trace.WantedRing != null)
        {
            return Status.InvalidState;
        }
        status = BindingOwner.Bind(cpu, frame, &target->Direct->Trace.Binding, BindingKind.Trace);
        if (status == Status.Ok)
        {
            ChangeTo(cpu, target, (byte*)(KernelLayout.DirectMap + physical), pages);
        }
        return status;
    }

    public static Status Stop(Cpu* cpu, Cpu* target)
    {
        if (target->Trace.WantedRing == null && target->Trace.Binding.IsEmpty)
        {
            return Status.InvalidState;
        }
        // What its loss comes to, by revocation as by this.
        return Deletion.Delete(cpu, &target->Direct->Trace.Binding) ? Status.Ok : Invocation.Restart;
    }

    /// <summary>The frame is no longer held: from here on nothing is written to it.</summary>
    public static void FrameLost(Cpu* cpu, Cpu* target) => ChangeTo(cpu, target, null, 0);

    private static void ChangeTo(Cpu* cpu, Cpu* target, byte* ring, ulong pages)
    {
        target->Trace.WantedRing = ring;
        target->Trace.WantedPages = pages;
        if (cpu == target)
        {
            Change(cpu);
        }
        else
        {
            Rendezvous.ChangeTrace(cpu, target);
        }
    }

    /// <summary>By the CPU itself.</summary>
    public static void Change(Cpu* cpu)
    {
        cpu->Trace.ForgetEntry();
        cpu->Trace.Writer.Open(cpu->Trace.WantedRing, cpu->Trace.WantedPages, cpu->Index);
        Doors.Use(cpu);
    }
}
