using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>A typed view of the registers of a thread that invokes an object: its arguments, and where results go.</summary>
internal readonly unsafe ref struct InvocationArguments(Thread* caller)
{
    public Thread* Caller { get; } = caller;

    public ulong Operation => new MessageInfo(Caller->Info).Label;

    public ulong Word0 => Caller->Word0;

    public ulong Word1 => Caller->Word1;

    public ulong Word2 => Caller->Word2;

    public ulong Word3 => Caller->Word3;

    public uint Low(ulong word) => (uint)word;

    public uint High(ulong word) => (uint)(word >> 32);

    public Status Return(ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Caller->Word0 = word0;
        Caller->Word1 = word1;
        Caller->Word2 = word2;
        Caller->Word3 = word3;
        return Status.Ok;
    }

    /// <summary>The status, and which argument is to blame.</summary>
    public Status Refuse(Status status, ulong argument)
    {
        Caller->Word0 = argument;
        return status;
    }
}
