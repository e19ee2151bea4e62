using System;

namespace Skerry.Base.Rpc;

/// <summary>
/// What a request for one method of one interface is made of. The generator writes an RpcTable of them into each assembly that
/// defines interfaces, so whoever tries all methods has the new ones without being told.
/// </summary>
/// <param name="interfaceName">The C# interface.</param>
/// <param name="interfaceHash">What names it in messages.</param>
/// <param name="methodName">The method.</param>
/// <param name="method">What names it in messages.</param>
/// <param name="parameters">Of each input in order: its <see cref="RpcParameterKind"/>, and its words.</param>
public readonly ref struct RpcMethodShape(
    ReadOnlySpan<byte> interfaceName,
    uint interfaceHash,
    ReadOnlySpan<byte> methodName,
    uint method,
    ReadOnlySpan<byte> parameters
)
{
    private const int BytesPerParameter = 2;
    private readonly ReadOnlySpan<byte> _parameters = parameters;

    public ReadOnlySpan<byte> InterfaceName { get; } = interfaceName;

    public uint InterfaceHash { get; } = interfaceHash;

    public ReadOnlySpan<byte> MethodName { get; } = methodName;

    public uint Method { get; } = method;

    public int ParameterCount => _parameters.Length / BytesPerParameter;

    public RpcParameter Parameter(int index) =>
        new((RpcParameterKind)_parameters[BytesPerParameter * index], _parameters[BytesPerParameter * index + 1]);
}
