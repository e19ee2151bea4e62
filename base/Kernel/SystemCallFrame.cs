using System.Runtime.InteropServices;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>What a system call takes and gives (see <see cref="SystemCall"/>), as SystemCallStub loads and stores it.</summary>
[StructLayout(LayoutKind.Explicit, Size = SystemCallLayout.Size)]
public struct SystemCallFrame
{
    /// <summary>In: the <see cref="SystemCall"/>. Out: the <see cref="Status"/>.</summary>
    [FieldOffset(SystemCallLayout.Number)]
    public ulong Number;

    /// <summary>In: the capability's address. Out: the badge.</summary>
    [FieldOffset(SystemCallLayout.Address)]
    public ulong Address;

    /// <summary>The <see cref="MessageInfo"/>.</summary>
    [FieldOffset(SystemCallLayout.Info)]
    public ulong Info;

    [FieldOffset(SystemCallLayout.Word0)]
    public ulong Word0;

    [FieldOffset(SystemCallLayout.Word1)]
    public ulong Word1;

    [FieldOffset(SystemCallLayout.Word2)]
    public ulong Word2;

    [FieldOffset(SystemCallLayout.Word3)]
    public ulong Word3;
}
