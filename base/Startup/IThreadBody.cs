namespace Skerry.Base.Startup;

/// <summary>What a thread does.</summary>
public interface IThreadBody
{
    /// <summary>The thread's whole life; when it returns, the thread waits for ever.</summary>
    static abstract void Run(ulong argument);
}
