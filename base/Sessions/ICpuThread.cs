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
    ThreadResult ServeOnCallers();

    /// <summary>
    /// The running thread is done: it is not answered and takes no time from anybody, until it is destroyed. InvalidState if
    /// one waits so already.
    /// </summary>
    ThreadResult Finish();
}
