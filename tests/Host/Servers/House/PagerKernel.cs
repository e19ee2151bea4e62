using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Xunit;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// The kernel as the pager sees it: faults come one after the other, each while the Reply object that is bound holds nobody; then
/// the endpoint is gone. All else is the ledger's.
/// </summary>
internal sealed class PagerKernel(LedgerKernel ledger, uint pager) : IKernelDouble
{
    private readonly Queue<PlayedFault> _faults = new();

    /// <summary>Refusals to receive: the bound Reply object held somebody.</summary>
    public int Refused { get; private set; }

    /// <summary>Faulters that were told to go on.</summary>
    public int LetGoOn { get; private set; }

    public void Add(PlayedFault fault) => _faults.Enqueue(fault);

    public Status Trap(ref SystemCallFrame frame)
    {
        switch ((SystemCall)frame.Number)
        {
            case SystemCall.ReplyRecv or SystemCall.ReplyMapRecv:
                LetGoOn += ledger.LetGo(pager) ? 1 : 0;
                return Receive(ref frame);
            case SystemCall.Recv:
                return Receive(ref frame);
            default:
                return ledger.Trap(ref frame);
        }
    }

    private Status Receive(ref SystemCallFrame frame)
    {
        if (ledger.Holds(pager))
        {
            Refused++;
            Assert.True(Refused < 100, "the pager receives for ever");
            return Status.InvalidState;
        }
        if (!_faults.TryDequeue(out PlayedFault fault))
        {
            return Status.InvalidCapability;
        }
        ledger.Hold(pager);
        frame.Address = fault.Domain;
        frame.Info = MessageInfo.Of((ulong)fault.Label, 4).Value;
        frame.Word0 = fault.Address;
        frame.Word2 = (ulong)fault.Access;
        frame.Word3 = fault.Thread;
        return Status.Ok;
    }
}
