using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>One thread of a CPU session.</summary>
[RpcInterface]
public interface ICpuThread
{
    /// <summary>Sets it going for the first time; the argument arrives in rdi.</summary>
    ThreadResult Start(ulong instructionPointer, ulong stackPointer, ulong argument);

    ThreadResult Pause();

    ThreadResult Resume();

    ThreadResult State(out ThreadInformation information);

    /// <summary>Moves it to the first CPU of a location in the session's affinity space.</summary>
    ThreadResult SetAffinity(Affinity affinity);

    /// <summary>The Reply object that holds the thread's callers: every thread that serves needs one.</summary>
    ThreadResult SetReply(ReplyCapability reply);

    /// <summary>The notification whose signals also end the thread's Recv; the null slot: none.</summary>
    ThreadResult BindNotification(NotificationCapability notification);

    /// <summary>The kernel's own thread object, for servers that schedule; Denied to all others.</summary>
    ThreadResult KernelThread(out ThreadCapability thread);

    /// <summary>
    /// From its next receive on the thread runs on its callers' time alone: what a server does is charged to who asked for
    /// it, and a call to it takes the kernel's fast path. For threads that only serve. A thread asks it for itself; another
    /// may ask when the thread receives already. Its own time is gone at once: a thread that is still on its way to its first
    /// receive would never come there, and its callers would wait for ever.
    /// </summary>
    /// <remarks>
    /// If a caller ends inside its call, the thread stands still, for all its callers, until it is given time again
    /// (<see cref="TellLostTime"/>, <see cref="ServeOnOwnTime"/>).
    /// </remarks>
    ThreadResult ServeOnCallers();

    /// <summary>
    /// When the thread is to run and no time will come, as the caller is gone whose it was, or when a caller's budget ends
    /// under it: that is told, as a Timeout fault, to the endpoint in this slot of the component's own table. It belongs to
    /// the thread's CPU, and whoever receives there needs time of his own. 0: it is told to nobody.
    /// </summary>
    ThreadResult TellLostTime(uint slot);

    /// <summary>
    /// The thread has its own time again, and what it was lent goes back: the opposite of <see cref="ServeOnCallers"/>.
    /// </summary>
    ThreadResult ServeOnOwnTime();

    /// <summary>
    /// The running thread is done: it is not answered and takes no time from anybody, until it is destroyed. InvalidState if
    /// one waits so already.
    /// </summary>
    ThreadResult Finish();
}
