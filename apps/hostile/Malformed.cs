using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Hostile;

/// <summary>
/// Every method of every interface, from the tables that the generator writes, with messages that are wrong in form: to an
/// object that serves it, and as it is right to all objects that do not. None is carried out, and nothing is lost by any.
/// </summary>
internal static class Malformed
{
    private const ulong NoTarget = 2;
    private const ulong Failed = 3;
    private static ulong sent;

    public static ulong Run(in Environment environment)
    {
        if (!Targets.TryOpen(in environment) || !Targets.HasChannel)
        {
            environment.Log.WriteLine("no session to try"u8);
            return NoTarget;
        }
        // What is received into is set aside at the first message that may bring capabilities.
        environment.Pd.Quota(out QuotaState before);
        int free = CapabilitySlots.FreeCount;
        bool passed = true;
        for (int i = 0; i < Base.RpcTable.Count; i++)
        {
            passed &= TryMethod(in environment, Base.RpcTable.At(i));
        }
        for (int i = 0; i < RpcTable.Count; i++)
        {
            passed &= TryMethod(in environment, RpcTable.At(i));
        }
        environment.Pd.Quota(out QuotaState after);
        bool isBack =
            before.Used.RamBytes == after.Used.RamBytes
            && before.Used.Capabilities == after.Used.Capabilities
            && before.Limit.RamBytes == after.Limit.RamBytes
            && before.Limit.Capabilities == after.Limit.Capabilities
            && free == CapabilitySlots.FreeCount;
        Report.Accounts(in environment, "hostile-malformed"u8, sent, passed && isBack, in before, in after);
        return passed && isBack ? ExitValue.Success : Failed;
    }

    private static bool TryMethod(in Environment environment, RpcMethodShape shape)
    {
        if (!Targets.TryFind(shape.InterfaceHash, out int own))
        {
            Report.Method(in environment, "nobody to try it on: "u8, in shape);
            return false;
        }
        for (int i = 0; i < Targets.Count; i++)
        {
            bool refused = i == own ? AllForms(i, in shape) : IsRefused(i, in shape, Form.Right);
            if (!refused)
            {
                Report.Method(in environment, "carried out: "u8, in shape);
                return false;
            }
        }
        if (!IsKernelRefused(Targets.At(own == Targets.Count ? 0 : own), in shape))
        {
            Report.Method(in environment, "the kernel delivered: "u8, in shape);
            return false;
        }
        return true;
    }

    private static bool AllForms(int target, in RpcMethodShape shape)
    {
        for (Form form = Form.Right + 1; form < Form.End; form++)
        {
            if (!IsRefused(target, in shape, form))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsRefused(int target, in RpcMethodShape shape, Form form)
    {
        RpcMessage message = default;
        if (!Forms.TryMake(ref message, in shape, form))
        {
            return true;
        }
        sent++;
        return new LocalTransport(Targets.At(target)).Call(ref message, MessageLimits.MaximumCapabilities)
            != RpcStatus.Ok;
    }

    /// <summary>More words and more capabilities than a message has.</summary>
    private static bool IsKernelRefused(CapabilitySlot target, in RpcMethodShape shape)
    {
        ulong label = RpcLabel.Request(shape.InterfaceHash, shape.Method).WithCapabilities(0x7).Value;
        sent += 2;
        return Trap(target, MessageInfo.Of(label, MessageLimits.MaximumWords + 1, 0)) != Status.Ok
            && Trap(target, MessageInfo.Of(label, 0, MessageLimits.MaximumCapabilities + 1)) != Status.Ok;
    }

    private static Status Trap(CapabilitySlot target, MessageInfo info)
    {
        var frame = new SystemCallFrame
        {
            Number = (ulong)SystemCall.Call,
            Address = target.Value,
            Info = info.Value,
        };
        return SystemCalls.Trap(ref frame);
    }
}
