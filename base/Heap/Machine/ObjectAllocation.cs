using System.Runtime;
using System.Runtime.InteropServices;
using Internal.Runtime.CompilerHelpers;

namespace Skerry.Base.Heap;

/// <summary>
/// The helpers behind <c>new</c>, under the names ilc calls. An image that does not link them cannot allocate.
/// </summary>
internal static unsafe class ObjectAllocation
{
    private const uint ComponentSizeMask = 0xffff;

    /// <summary>A class's object: the method table's pointer, then fields.</summary>
    [RuntimeExport(RuntimeSymbols.RhpNewFast)]
    private static void* NewObject(MethodTable* type)
    {
        ulong address = Allocate(type->BaseSize);
        *(MethodTable**)address = type;
        return (void*)address;
    }

    /// <summary>An array: the method table's pointer, the length, then the elements.</summary>
    [RuntimeExport(RuntimeSymbols.RhpNewArrayFast)]
    private static void* NewArray(MethodTable* type, nint length)
    {
        if ((ulong)length > int.MaxValue)
        {
            ThrowHelpers.ThrowOverflowException();
        }
        ulong address = Allocate(type->BaseSize + (ulong)length * (type->Flags & ComponentSizeMask));
        *(MethodTable**)address = type;
        *(int*)(address + (ulong)sizeof(void*)) = (int)length;
        return (void*)address;
    }

    /// <summary>An array of references.</summary>
    [RuntimeExport(RuntimeSymbols.RhpNewPtrArrayFast)]
    private static void* NewReferenceArray(MethodTable* type, nint length) => NewArray(type, length);

    /// <summary>Storing a reference needs no more than the store: there is no collector to tell.</summary>
    [RuntimeExport(RuntimeSymbols.RhpAssignRef)]
    private static void AssignReference(ulong* target, ulong value) => *target = value;

    [RuntimeExport(RuntimeSymbols.RhpCheckedAssignRef)]
    private static void CheckedAssignReference(ulong* target, ulong value) => *target = value;

    private static ulong Allocate(ulong bytes)
    {
        if (!ComponentHeap.TryAllocate(bytes, out ulong address))
        {
            ThrowHelpers.ThrowOutOfMemory();
        }
        return address;
    }

    /// <summary>The start of what ilc lays out for each type (NativeAOT's MethodTable.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MethodTable
    {
        /// <summary>Low 16 bits: the size of an array's element, bytes.</summary>
        public uint Flags;

        /// <summary>Bytes of an object, or of an array of length 0.</summary>
        public uint BaseSize;
    }
}
