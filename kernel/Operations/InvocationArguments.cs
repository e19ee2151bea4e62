using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>A typed view of the registers of a thread that invokes an object: its arguments, and where results go.</summary>
internal readonly unsafe ref struct InvocationArguments(Thread* caller)
{
    public Thread* Caller { get; } = caller;

    public ulong Operation => new MessageInfo(Caller->Rsi).Label;

    public ulong Word0 => Caller->Rdx;

    public ulong Word1 => Caller->R8;

    public ulong Word2 => Caller->R9;

    public ulong Word3 => Caller->R10;

    public uint Low(ulong word) => (uint)word;

    public uint High(ulong word) => (uint)(word >> 32);

    public Status Return(ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Caller->Rdx = word0;
        Caller->R8 = word1;
        Caller->R9 = word2;
        Caller->R10 = word3;
        return Status.Ok;
    }

    /// <summary>The status, and which argument is to blame.</summary>
    public Status Refuse(Status status, ulong argument)
    {
        Caller->Rdx = argument;
        return status;
    }
}
