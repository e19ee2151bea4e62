using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Makes handlers of device interrupts. core's alone.</summary>
internal static unsafe class IrqControlOperations
{
    public static Status Invoke(Capability* control, InvocationArguments arguments)
    {
        switch ((IrqControlOperation)arguments.Operation)
        {
            case IrqControlOperation.MakeIoApic:
                return MakeIoApic(control, arguments);
            case IrqControlOperation.MakeMsi:
                return MakeMsi(control, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status MakeIoApic(Capability* control, InvocationArguments arguments)
    {
        if (!IoApics.IsPresent)
        {
            return Status.NoIoApic;
        }
        if (!IoApics.Find(arguments.Word1, out uint ioApic, out uint input))
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        if ((arguments.Word3 & ~(ulong)InterruptFlags.All) != 0)
        {
            return arguments.Refuse(Status.InvalidArgument, 3);
        }
        Status status = Prepare(arguments, out Capability* slot, out IrqHandler* handler);
        if (status != Status.Ok)
        {
            return status;
        }
        if (IoApics.IsTaken(ioApic, input))
        {
            return arguments.Refuse(Status.InterruptTaken, 1);
        }
        IoApics.Claim(handler, ioApic, input, (InterruptFlags)arguments.Word3);
        Finish(control, slot, handler);
        return Status.Ok;
    }

    private static Status MakeMsi(Capability* control, InvocationArguments arguments)
    {
        Status status = Prepare(arguments, out Capability* slot, out IrqHandler* handler);
        if (status != Status.Ok)
        {
            return status;
        }
        handler->Flags = (byte)InterruptFlags.None;
        handler->Kind = IrqKind.Message;
        Finish(control, slot, handler);
        return arguments.Return(
            RedirectionEntry.MessageAddress(ClusterCpus.At(handler->Cpu)->ApicId),
            RedirectionEntry.MessageData(handler->Vector)
        );
    }

    /// <summary>The arguments that both have: a slot to fill, and a CPU with a vector to spare. Changes nothing.</summary>
    private static Status Prepare(InvocationArguments arguments, out Capability* slot, out IrqHandler* handler)
    {
        slot = null;
        handler = null;
        if (arguments.Word2 >= ClusterCpus.Count)
        {
            return arguments.Refuse(Status.InvalidArgument, 2);
        }
        Status status = Lookup.FindEmpty(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            arguments.High(arguments.Word0),
            out slot
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        if (ClusterCpus.At((uint)arguments.Word2)->ApicId > RedirectionEntry.LargestApicId)
        {
            return arguments.Refuse(Status.OutOfReach, 2);
        }
        handler = IrqVectors.Find(ClusterCpus.At((uint)arguments.Word2));
        return handler == null ? arguments.Refuse(Status.NoVector, 2) : Status.Ok;
    }

    private static void Finish(Capability* control, Capability* slot, IrqHandler* handler)
    {
        IrqVectors.NoteUse(ClusterCpus.At(handler->Cpu), handler);
        slot->Write(ObjectType.IrqHandler, 7, (ulong)handler, 0, 0);
        DerivationTree.InsertChild(control, slot);
    }
}
