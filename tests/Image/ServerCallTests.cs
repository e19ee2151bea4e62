using System.Linq;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>
/// Core calls nobody, and a vcore its parent alone (docs/servers.md, rule 2). What core has of it is what it shares with
/// vcores: the question to a parent about another's dataspace, which is not asked where there is none to forward faults to.
/// </summary>
public sealed class ServerCallTests
{
    private const string Pd = "_PdSessionClient_1<X_LocalTransport>__DataspaceSize";
    private static readonly string[] _clients = ["_PdSessionClient_1<"];
    private static readonly string[] _askers = ["_ForeignDataspaces__Find"];

    [Fact]
    public void CoreCallsNobody()
    {
        MachineCode code = ImageFiles.Code("core");
        FindingAssert.None(ServerCallCheck.Run(code, _clients, _askers));
        string client = Assert.Single(
            code.Routines.Select(routine => routine.Name),
            name => name.Contains("Client_1<")
        );
        Assert.EndsWith("__DataspaceSize", client);
    }

    /// <summary>The interfaces that a parent serves.</summary>
    [Fact]
    public void AVcoreCallsItsParent() =>
        FindingAssert.None(
            ServerCallCheck.Run(
                ImageFiles.Code("vcore"),
                [
                    .. _clients,
                    "_FaultForwardClient_1<",
                    "_LogSessionClient_1<",
                    "_ParentClient_1<",
                    "_RegionMapClient_1<",
                    "_RomSessionClient_1<",
                ],
                [
                    .. _askers,
                    "_Startup_Log__",
                    "_MemoryClaims__",
                    "_ParentHooks__",
                    "_RomFile__",
                    "ComponentMain",
                    "RuntimeFailure",
                ]
            )
        );

    [Theory]
    [InlineData("X_EchoClient_1<X_LocalTransport>__Say", "SystemCallStub", "makes a system call")]
    [InlineData("X_Links__Serve", "SystemCallStub", "makes a system call")]
    [InlineData("X_EchoClient_1<X_LocalTransport>__Say", "X_LocalTransport__CallWithWords", "calls")]
    [InlineData("X_Links__Serve", "X" + Pd, "asks a client")]
    public void ACallOfAnotherIsSeen(string from, string to, string reason) =>
        FindingAssert.Single(reason, ServerCallCheck.Run(Calling(from, to), _clients, _askers));

    [Theory]
    [InlineData("X" + Pd, "X_LocalTransport__CallWithWords")]
    [InlineData("X_LocalTransport__CallWithWords", "SystemCallStub")]
    [InlineData("X_ForeignDataspaces__Find", "X" + Pd)]
    [InlineData("X_Invocation__Invoke", "SystemCallStub")]
    public void WhatIsAllowedIsNoneOfThem(string from, string to) =>
        FindingAssert.None(ServerCallCheck.Run(Calling(from, to), _clients, _askers));

    private static MachineCode Calling(string from, string to) =>
        new CodeBuilder()
            .Routine(
                from,
                (a, target) =>
                {
                    a.call(target(to));
                    a.ret();
                }
            )
            .Routine(to, a => a.ret())
            .Build();
}
