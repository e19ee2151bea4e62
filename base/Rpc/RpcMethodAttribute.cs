using System;

namespace Skerry.Base.Rpc;

/// <summary>
/// Gives a method its number; the following ones count on from it. Without it, methods count from 1 in the order they
/// are written.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RpcMethodAttribute(int number) : Attribute
{
    /// <summary>1 to <see cref="RpcLabel.MaximumMethod"/>.</summary>
    public int Number { get; } = number;
}
