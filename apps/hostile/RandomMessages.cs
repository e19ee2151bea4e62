using Skerry.Abi;
using Skerry.Apps.KernelFuzz;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Hostile;

/// <summary>
/// Messages that are right in form, with values from a seed that mean something, overflow or are not aligned, and with whatever
/// capabilities there are. What they do to this component is its own affair; nobody else is to notice.
/// </summary>
internal static class RandomMessages
{
    private const ulong NoTarget = 2;
    private const uint Capabilities = 400;

    /// <summary>Once in so many times that it would: a console takes long.</summary>
    private const uint LogShare = 100;

    public static ulong Run(in Environment environment, ulong seed, ulong rounds)
    {
        if (!Targets.TryOpen(in environment))
        {
            return NoTarget;
        }
        ulong answered = 0;
        for (ulong i = 0; i < rounds; i++)
        {
            RpcMethodShape shape = Base.RpcTable.At((int)Draw.Below(ref seed, Base.RpcTable.Count));
            Targets.TryFind(shape.InterfaceHash, out int target);
            bool isLog = shape.InterfaceHash == LogSessionMethods.InterfaceHash;
            if (EndsTheSender(in shape) || target == Targets.Count || (isLog && !Draw.Once(ref seed, LogShare)))
            {
                continue;
            }
            RpcMessage message = default;
            Fill(ref message, in shape, ref seed);
            RpcStatus status = new LocalTransport(Targets.At(target)).Call(
                ref message,
                MessageLimits.MaximumCapabilities
            );
            answered += status == RpcStatus.Ok ? 1u : 0;
            if (status == RpcStatus.Ok && Draw.Once(ref seed, 2))
            {
                // The other half stays, to be sent along.
                MessageExchange.DiscardCapabilities(ref message);
            }
        }
        // Behind what it has written without an end.
        environment.Log.WriteLine(""u8);
        environment.Pd.Quota(out QuotaState state);
        Report.Accounts(in environment, "hostile-random"u8, answered, true, in state, in state);
        return ExitValue.Success;
    }

    /// <summary>It would not go on: the component ends, or the running thread stops.</summary>
    private static bool EndsTheSender(in RpcMethodShape shape) =>
        shape.InterfaceHash switch
        {
            ParentMethods.InterfaceHash => shape.Method == ParentMethods.Exit,
            CpuThreadMethods.InterfaceHash => shape.Method is CpuThreadMethods.Finish or CpuThreadMethods.Start,
            _ => false,
        };

    private static void Fill(ref RpcMessage message, in RpcMethodShape shape, ref ulong seed)
    {
        var writer = new MessageWriter(ref message, RpcLabel.Request(shape.InterfaceHash, shape.Method));
        for (int i = 0; i < shape.ParameterCount; i++)
        {
            RpcParameter parameter = shape.Parameter(i);
            switch (parameter.Kind)
            {
                case RpcParameterKind.Capability:
                    writer.WriteCapability(Any(ref seed));
                    break;
                case RpcParameterKind.Enumeration:
                    writer.WriteWord(Draw.Below(ref seed, 5));
                    break;
                case RpcParameterKind.Text:
                    Text(ref writer, parameter, ref seed);
                    break;
                case RpcParameterKind.Buffer:
                    writer.WriteWord(Draw.Below(ref seed, (uint)parameter.Words * 8 + 1));
                    break;
                default:
                    for (int word = 0; word < parameter.Words; word++)
                    {
                        writer.WriteWord(Word(ref seed));
                    }
                    break;
            }
        }
    }

    /// <summary>What lies in some slot, but for the running thread, which would be destroyed or stopped.</summary>
    private static Capability Any(ref ulong seed)
    {
        uint slot = Draw.Below(ref seed, Capabilities);
        return slot == (uint)StartupSlot.MainThread ? Capability.None : Capability.In(new CapabilitySlot(slot));
    }

    private static void Text(ref MessageWriter writer, RpcParameter parameter, ref ulong seed)
    {
        int words = (int)Draw.Below(ref seed, (uint)parameter.Words + 1);
        writer.WriteWord((ulong)words * 8);
        for (int i = 0; i < words; i++)
        {
            writer.WriteWord(Draw.Next(ref seed));
        }
    }

    private static ulong Word(ref ulong seed) =>
        Draw.Below(ref seed, 12) switch
        {
            0 => ulong.MaxValue,
            1 => ulong.MaxValue << 12,
            2 => 1ul << 63,
            3 => (1ul << 63) + 1,
            4 => uint.MaxValue,
            5 => UserLayout.PageSize,
            6 => UserLayout.PageSize + 1,
            7 => UserLayout.AttachBase + Draw.Below(ref seed, 64) * UserLayout.PageSize,
            8 => UserLayout.UserEnd,
            9 => Draw.Next(ref seed),
            _ => Draw.Below(ref seed, 16),
        };
}
