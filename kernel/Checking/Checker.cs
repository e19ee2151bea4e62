using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>
/// Checks every kernel object against all others. Under the cluster lock, while all other CPUs stand still. It changes
/// nothing that lasts: page-table entries are marked while it runs, in a bit that the processor ignores.
/// </summary>
/// <remarks>
/// First the derivation tree, which names all objects; only if it is sound do the others follow: queues, threads, Reply
/// objects, time, address spaces, counters. What is true of one kind stands in the file of that kind.
/// </remarks>
internal static unsafe partial class Checker
{
    private static CheckReport report;

    /// <summary>The CPU that checks; what it has charged is its current thread's, others may be about to choose.</summary>
    private static Cpu* caller;

    private static Capability* root;

    public static CheckReport Run(Cpu* cpu, Capability* rootOfTree)
    {
        report = default;
        caller = cpu;
        root = rootOfTree;
        rootUntypedCount = 0;
        consumed = 0;
        ObjectTable.Clear();
        if (CheckTree())
        {
            CheckSlots();
            CheckQueues();
            CheckObjects();
            CheckCpus();
            CheckIrqVectors();
            CheckPages();
        }
        report.Objects = ObjectTable.Count;
        return report;
    }

    private static bool Require(bool holds, CheckedRule rule, void* address)
    {
        if (!holds)
        {
            report.Break(rule, address);
        }
        return holds;
    }

    /// <summary>Every object once, by its first capability.</summary>
    private static void CheckObjects()
    {
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (!IsFirstToObject(slot))
            {
                continue;
            }
            void* target = slot->Object;
            switch (KindOf(slot))
            {
                case ObjectType.Thread:
                    CheckThread((Thread*)target);
                    break;
                case ObjectType.Reply:
                    CheckReply((Reply*)target);
                    break;
                case ObjectType.SchedContext:
                    CheckContext((SchedContext*)target);
                    break;
                case ObjectType.Notification:
                    CheckNotification((Notification*)target);
                    break;
                case ObjectType.IrqHandler:
                    CheckIrqHandler((IrqHandler*)target);
                    break;
            }
        }
    }

    private static bool IsThread(void* thread) => ObjectTable.Has(thread, ObjectType.Thread);

    private static bool IsThreadOrNone(void* thread) => thread == null || IsThread(thread);

    private static bool IsContext(void* context) => ObjectTable.Has(context, ObjectType.SchedContext);

    private static bool IsReply(void* reply) => ObjectTable.Has(reply, ObjectType.Reply);

    /// <summary>Whether an address of the direct map is the cluster's memory.</summary>
    private static bool IsOwned(void* address, ulong bytes) =>
        (ulong)address >= KernelLayout.DirectMap
        && OwnedMemory.Contains((ulong)address - KernelLayout.DirectMap, bytes);
}
