using System;

namespace Skerry.Base.Rpc;

/// <summary>
/// Marks the C# interface that defines a service. From it are generated, for an interface <c>IThing</c>: the client
/// <c>ThingClient</c>, the server's <c>ThingDispatch</c>, and the method numbers <c>ThingMethods</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class RpcInterfaceAttribute : Attribute { }
