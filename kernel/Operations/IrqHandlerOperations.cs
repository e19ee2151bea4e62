using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>What a driver does with its interrupt.</summary>
internal static unsafe class IrqHandlerOperations
{
    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        var handler = (IrqHandler*)capability->Object;
        switch ((IrqHandlerOperation)arguments.Operation)
        {
            case IrqHandlerOperation.SetNotification:
                return SetNotification(cpu, handler, arguments);
            case IrqHandlerOperation.Acknowledge:
                return IrqHandlers.Acknowledge(cpu, handler);
            case IrqHandlerOperation.Clear:
                return IrqHandlers.Clear(cpu, handler);
            case IrqHandlerOperation.Query:
                return arguments.Return(handler->Cpu, handler->Vector, handler->State);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status SetNotification(Cpu* cpu, IrqHandler* handler, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Notification,
            (byte)NotificationRights.Signal,
            out Capability* notification
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        if (((Notification*)notification->Object)->Cpu != handler->Cpu)
        {
            return Status.WrongCpu;
        }
        return IrqHandlers.SetNotification(cpu, handler, notification);
    }
}
