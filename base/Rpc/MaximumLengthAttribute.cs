using System;

namespace Skerry.Base.Rpc;

/// <summary>The most bytes that a span parameter carries; a longer argument is refused before it is sent.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class MaximumLengthAttribute(int bytes) : Attribute
{
    public int Bytes { get; } = bytes;
}
