using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Archive;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;

namespace Skerry.Core;

/// <summary>
/// Modules of the boot archive as dataspaces. The archive lies on the boot cluster's node, at offsets that are no
/// multiples of a page; so each module is copied once into this cluster's own memory. The service lock protects it.
/// </summary>
internal static unsafe class RomModules
{
    private const int Capacity = 64;

    private static Modules modules;
    private static int count;
    private static byte* archive;
    private static int archiveBytes;

    public static void Initialise(byte* start, ulong bytes)
    {
        archive = start;
        archiveBytes = (int)bytes;
    }

    /// <summary>A file of the archive, which bootstrap has looked at whole; false if there is none of this name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content) =>
        TarReader.TryFind(new ReadOnlySpan<byte>(archive, archiveBytes), name, out content);

    /// <summary>A module's dataspace; null if the archive has none of this name, or memory is used up.</summary>
    /// <param name="server">Who reads the archive.</param>
    /// <param name="name">The file's.</param>
    /// <param name="bytes">The module's, 0 if there is none.</param>
    public static Dataspace* Find(Server* server, ReadOnlySpan<byte> name, out ulong bytes)
    {
        bytes = 0;
        if (!TryFind(name, out ReadOnlySpan<byte> content) || content.IsEmpty)
        {
            return null;
        }
        bytes = (ulong)content.Length;
        // A module is known by where it lies in the archive.
        var start = (byte*)Unsafe.AsPointer(in content[0]);
        for (int i = 0; i < count; i++)
        {
            if (modules[i].Start == start)
            {
                return modules[i].Dataspace;
            }
        }
        return count == Capacity ? null : Copy(server, start, content);
    }

    private static Dataspace* Copy(Server* server, byte* start, ReadOnlySpan<byte> content)
    {
        if (server->Ram.Allocate((ulong)content.Length, null, default, out Dataspace* made) != ChargeResult.Ok)
        {
            return null;
        }
        if (!ComponentLoader.Fill(server, made, 0, content))
        {
            server->Mapping.FreeDataspace(made);
            return null;
        }
        made->Rights = FrameRights.Read | FrameRights.Execute;
        modules[count++] = new Module { Start = start, Dataspace = made };
        return made;
    }

    private struct Module
    {
        public byte* Start;
        public Dataspace* Dataspace;
    }

    [InlineArray(Capacity)]
    private struct Modules
    {
        private Module _module;
    }
}
