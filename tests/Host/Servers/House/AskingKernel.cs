using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>The kernel, which at a certain call has somebody ask for the service lock.</summary>
internal sealed class AskingKernel(IKernelDouble kernel, int moment, ServerHouse house) : IKernelDouble
{
    private Thread? _asking;
    private int _servedAt;

    public int Calls { get; private set; }

    /// <summary>Calls from when it was asked for to when it was had.</summary>
    public int Waited => _servedAt - moment;

    public Status Trap(ref SystemCallFrame frame)
    {
        if (Calls == moment)
        {
            Ask();
        }
        Calls++;
        return kernel.Trap(ref frame);
    }

    public void Join() => _asking!.Join();

    /// <summary>Comes back when the other waits, or has been served as nobody held the lock.</summary>
    private void Ask()
    {
        using var asked = new ManualResetEventSlim();
        _asking = new Thread(() =>
        {
            SystemCalls.Waiting = () =>
            {
                SystemCalls.Waiting = null;
                asked.Set();
            };
            house.Serve(() => _servedAt = Calls);
            asked.Set();
        });
        _asking.Start();
        asked.Wait();
    }
}
