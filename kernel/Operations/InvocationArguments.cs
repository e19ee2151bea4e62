using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>A typed view of the registers of a thread that invokes an object: its arguments, and where results go.</summary>
internal readonly unsafe ref struct InvocationArguments(Thread* caller)
{
    public Thread* Caller { get; } = caller;

    public ulong Operation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new MessageInfo(Caller->Info).Label;
    }

    public ulong Word0 => Caller->Word0;

    public ulong Word1 => Caller->Word1;

    public ulong Word2 => Caller->Word2;

    public ulong Word3 => Caller->Word3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Low(ulong word) => (uint)word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint High(ulong word) => (uint)(word >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Status Return(ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Caller->Word0 = word0;
        Caller->Word1 = word1;
        Caller->Word2 = word2;
        Caller->Word3 = word3;
        return Status.Ok;
    }

    /// <summary>What the operation finds in word 3 when the call is made again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void KeepWord3(ulong value) => Caller->Word3 = value;

    /// <summary>The call is made again, and all that is left of it is <see cref="EmptyTables"/>.</summary>
    public bool IsToEmptyTables => Revocation.AwaitedTables != 0;

    /// <summary>
    /// The last of an operation that may have put tables aside: these are emptied, and those that it had put aside before its
    /// thread was stopped in between, so that it is not told of a success before.
    /// </summary>
    /// <param name="cpu">This CPU.</param>
    /// <param name="before">How many had come before it (<see cref="DyingTables.Come"/>).</param>
    public Status BeginToEmptyTables(Cpu* cpu, ulong before)
    {
        Revocation.AwaitedTables = DyingTables.MarkSince(before, Revocation.TablesPutAside);
        return EmptyTables(cpu);
    }

    /// <summary>Up to which the call waits its thread keeps for when it is made again.</summary>
    public Status EmptyTables(Cpu* cpu) =>
        Deletion.EmptyTables(cpu, Revocation.AwaitedTables) ? Status.Ok : Invocation.Restart;

    /// <summary>The status, and which argument is to blame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Status Refuse(Status status, ulong argument)
    {
        Caller->Word0 = argument;
        return status;
    }
}
